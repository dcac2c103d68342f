import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { TestEmulator } from "./fixtures/emulator.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");

/** The programs of the README, each under the heading it stands below. */
async function programs(): Promise<readonly { heading: string; code: string }[]> {
  const text = await readFile(join(root, "README.md"), "utf8");
  let heading = "";
  const found: { heading: string; code: string }[] = [];
  for (const [, title, code] of text.matchAll(/^#+ (.+)$|^```ts\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (code !== undefined) found.push({ heading, code });
  }
  return found;
}

/** What each program prints, by heading. */
const expected: Readonly<Record<string, readonly string[]>> = {
  "Use it": [
    "gs://my-bucket/scans/1.png total 42",
    "gs://my-bucket/scans/2.png total 42",
    "succeeded: 2",
  ],
  "Runs: a list of any length, through crashes": [
    "gs://my-bucket/scans/1.png succeeded total 42",
    "done 2 of 2 0 USD",
  ],
  "Go on in another process": ["gs://my-bucket/results/tuesday/"],
  "Thousands at once": ["succeeded 50 of 50"],
  "Annotate at once": ["0 total 42", "1 total 42", "\ntotal 42"],
  "Product Search": ["sneaker Sneaker, red"],
  "Read large results, in part, in order, from where it stopped": [
    "read 0 gs://my-bucket/scans/1.png",
    "\n1 total 42",
  ],
  Export: ["hOCR written: true"],
  "When it fails": [
    "requests[0].image.source.imageUri https://example.com/cat.jpg",
    "outputConfig.batchSize 500",
  ],
  "Test without Google": ["unknown", "\n1\n"],
};

describe("the programs of the README", () => {
  let folder: string;
  let emulator: TestEmulator;

  before(async () => {
    // Below the package, so that they import it by its name and get what was built.
    await mkdir(join(root, "temp"), { recursive: true });
    folder = await mkdtemp(join(root, "temp/readme-"));
    emulator = await TestEmulator.start({
      recordings: [{ uri: "*", response: { fullTextAnnotation: { text: "total 42" } } }],
    });
  });

  after(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  it("compile against the built package, each under its heading", async () => {
    const found = await programs();
    expect(found.map(({ heading }) => heading)).to.deep.equal(Object.keys(expected));
    for (const [index, { code }] of found.entries()) {
      await writeFile(join(folder, `${index}.ts`), code);
    }
    const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await run("tsc", ["-p", join(folder, "tsconfig.json")], { cwd: root }).catch(
      (error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      },
    );
  });

  for (const [heading, lines] of Object.entries(expected)) {
    it(`print what they say: ${heading}`, async () => {
      // Programs that read results need some that were written.
      if (heading !== "Use it") await runProgram("Use it");
      const printed = await runProgram(heading);
      for (const line of lines) expect(printed).to.contain(line);
    });
  }

  async function runProgram(heading: string): Promise<string> {
    const { code = "" } = (await programs()).find((each) => each.heading === heading) ?? {};
    const program = join(folder, `${heading.replaceAll(/\W+/g, "-")}.ts`);
    await writeFile(program, code);
    const { grpc, http } = emulator.emulator;
    const environment = {
      ...process.env,
      VISION_EMULATOR_HOST: grpc,
      VISION_EMULATOR_HTTP: http,
      STORAGE_EMULATOR_HOST: http,
    };
    const { stdout } = await run(process.execPath, [program], { env: environment, cwd: root });
    return stdout;
  }
});
