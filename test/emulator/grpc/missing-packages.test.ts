import { expect } from "chai";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const run = promisify(execFile);

const program = `
  import { startEmulator } from "./src/emulator/index.ts";
  const warnings = [];
  try {
    const emulator = await startEmulator({ logger: { warn: (text) => warnings.push(text) } });
    await emulator.close();
    console.log(JSON.stringify({ warnings }));
  } catch ({ name, packageName, message }) {
    console.log(JSON.stringify({ name, packageName, message }));
  }
`;

describe("the gRPC server of the emulator without its optional packages", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "vision-batch-bare-"));
    await writeFile(join(directory, "package.json"), '{ "type": "module" }');
    await cp(join(root, "src"), join(directory, "src"), { recursive: true });
    for (const folder of ["generated", "protos"]) {
      await symlink(join(root, folder), join(directory, folder), "dir");
    }
  });
  after(() => rm(directory, { recursive: true }));

  /** Installs all but one package of the @grpc scope and health, and tells what starting comes to. */
  async function startWithout(missing: string): Promise<Record<string, unknown>> {
    const modules = join(directory, "node_modules");
    await rm(modules, { recursive: true, force: true });
    const scope = await readdir(join(root, "node_modules", "@grpc"));
    const names = [
      "grpc-health-check",
      "@bufbuild/protobuf",
      ...scope.map((one) => `@grpc/${one}`),
    ];
    for (const name of names.filter((one) => one !== missing)) {
      await mkdir(join(modules, name, ".."), { recursive: true });
      await symlink(join(root, "node_modules", name), join(modules, name), "dir");
    }
    const flags = ["--input-type=module", "--eval", program];
    const { stdout } = await run(process.execPath, flags, { cwd: directory });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it("is refused by the name of @grpc/proto-loader, which it cannot do without", async () => {
    const error = await startWithout("@grpc/proto-loader");
    expect(error).to.include({ name: "MissingPackageError", packageName: "@grpc/proto-loader" });
    expect(error["message"]).to.include("npm install @grpc/proto-loader");
  });

  for (const [missing, what] of [
    ["@grpc/reflection", "reflection service"],
    ["grpc-health-check", "health service"],
  ] as const) {
    it(`starts without ${missing}, with a warning that names it`, async () => {
      const { warnings } = await startWithout(missing);
      expect(warnings).to.have.length(1);
      expect((warnings as string[])[0])
        .to.include(what)
        .and.to.include(`npm install ${missing}`);
    });
  }
});
