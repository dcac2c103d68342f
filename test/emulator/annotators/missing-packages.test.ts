import { expect } from "chai";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);
const folders = ["src/errors", "src/protocol", "src/emulator/annotators"];

describe("the annotators without their optional packages", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "vision-batch-bare-"));
    await writeFile(join(directory, "package.json"), '{ "type": "module" }');
    for (const folder of folders) {
      await cp(join(root, folder), join(directory, folder), { recursive: true });
    }
    await cp(join(root, "examples/inputs/poster.png"), join(directory, "poster.png"));
  });
  after(() => rm(directory, { recursive: true }));

  /** Installs the packages and tells what annotating a feature comes to. */
  function annotateWith(packages: readonly string[], feature: string): Promise<unknown> {
    const image = 'readFileSync("poster.png")';
    return outcomeWith(packages, `.annotateImage(${image}, [{ type: "${feature}" }], {})`);
  }

  /** Installs the packages and tells what a call of an annotator answers or is rejected with. */
  async function outcomeWith(packages: readonly string[], call: string): Promise<unknown> {
    const modules = join(directory, "node_modules");
    await rm(modules, { recursive: true, force: true });
    for (const name of ["picomatch", ...packages]) {
      await mkdir(join(modules, name, ".."), { recursive: true });
      await symlink(join(root, "node_modules", name), join(modules, name), "dir");
    }
    const program = [
      'import { readFileSync } from "node:fs";',
      'import { createAnnotator } from "./src/emulator/annotators/annotator.ts";',
      `const answer = createAnnotator({})${call};`,
      "console.log(JSON.stringify(await answer.catch((error) => error)));",
    ];
    const options = { cwd: directory };
    const flags = ["--input-type=module", "--eval", program.join("\n")];
    const { stdout } = await run(process.execPath, flags, options);
    return JSON.parse(stdout) as unknown;
  }

  for (const { packages, feature, missing, purpose } of [
    { packages: [], feature: "IMAGE_PROPERTIES", missing: "sharp", purpose: "reading images" },
    {
      packages: ["sharp"],
      feature: "TEXT_DETECTION",
      missing: "tesseract.js",
      purpose: "text detection",
    },
    {
      packages: ["sharp", "tesseract.js"],
      feature: "TEXT_DETECTION",
      missing: "@tesseract.js-data/eng",
      purpose: "text detection",
    },
    { packages: ["sharp"], feature: "CROP_HINTS", missing: "smartcrop", purpose: "crop hints" },
  ]) {
    it(`name ${missing} where ${feature} needs it`, async () => {
      const error = await annotateWith(packages, feature);
      expect(error).to.include({ name: "MissingPackageError", packageName: missing });
      expect(error).to.have.property("message").that.includes(purpose);
      expect(error).to.have.property("message").that.includes(`npm install ${missing}`);
    });
  }

  it("name @hyzyla/pdfium where a PDF needs it", async () => {
    const file = '.openFile(Buffer.from("%PDF-1.7"), "application/pdf")';
    const error = await outcomeWith(["sharp"], file);
    expect(error).to.include({
      name: "MissingPackageError",
      message:
        "reading PDF files in the emulator needs the package @hyzyla/pdfium: run `npm install @hyzyla/pdfium`",
    });
  });

  it("need no more than a feature asks for", async () => {
    const response = await annotateWith(["sharp"], "IMAGE_PROPERTIES");
    expect(response).to.have.all.keys("imagePropertiesAnnotation");
  });
});
