import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { metrics } from "../../src/telemetry/index.ts";
import { TestEmulator } from "../fixtures/emulator.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

describe("docs/telemetry.md", () => {
  let text: string;

  before(async () => {
    text = await readFile(join(root, "docs/telemetry.md"), "utf8");
  });

  it("tells of every metric, its instrument, unit and labels", () => {
    const namesIn = (cell = ""): string[] => {
      return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    };
    const section = text.slice(text.indexOf("\n## Metrics\n"), text.indexOf("\n## Prometheus\n"));
    const rows = [...section.matchAll(/^\| `.*$/gm)].map(([row]) => row.split("|"));
    const documented = rows.map(([, name, kind = "", unit, labels]) => ({
      ...{ name: namesIn(name)[0], kind: kind.trim(), unit: namesIn(unit)[0] },
      labels: namesIn(labels),
    }));
    const known = Object.values(metrics).map(({ name, kind, unit, labels }) => ({
      ...{ name, kind, unit, labels: [...labels] },
    }));
    expect(documented).to.have.deep.members(known);
  });

  describe("its program", () => {
    let folder: string;
    let emulator: TestEmulator;

    before(async () => {
      // Below the package, so that it is imported by its name.
      await mkdir(join(root, "temp"), { recursive: true });
      folder = await mkdtemp(join(root, "temp/telemetry-"));
      emulator = await TestEmulator.start();
      const [, program = ""] = /^```ts\n([\s\S]*?)^```$/m.exec(text) ?? [];
      await writeFile(join(folder, "program.ts"), program);
    });

    after(async () => {
      await emulator.close();
      await rm(folder, { recursive: true });
    });

    it("compiles against the built package", async () => {
      const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
      await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
      await run("tsc", ["-p", join(folder, "tsconfig.json")], { cwd: root }).catch(
        (error: unknown) => {
          throw new Error((error as { stdout: string }).stdout);
        },
      );
    });

    it("prints spans and metrics of its run", async () => {
      const { grpc, http } = emulator.emulator;
      const environment = { VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: http };
      const env = { ...process.env, ...environment, STORAGE_EMULATOR_HOST: http };
      const { stdout } = await run(process.execPath, [join(folder, "program.ts")], { env });
      expect(stdout).to.include("succeeded 2\n");
      for (const name of ["wait", "collect"]) {
        expect(stdout).to.include(`name: 'vision_batch.${name}'`);
      }
      expect(stdout).to.include("ImageAnnotator/AsyncBatchAnnotateImages'");
      expect(stdout).to.include("'vision_batch.run.id': 'traced'");
      expect(stdout).to.include("name: 'vision_batch.inputs'");
    });
  });
});
