import { cpSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isDeepStrictEqual } from "node:util";
import {
  callFunction,
  commonJsProgram,
  compilerOptions,
  functionProgram,
  importLight,
  moduleProgram,
  moduleSettings,
  settingsOfCommonJs,
  typeScriptProgram,
  written,
} from "./programs.ts";
import type { TrialProject } from "./project.ts";

/** What is tried out: a package that was packed. */
export interface Package {
  readonly tarball: string;
  readonly version: string;
  /** What to install for each optional peer, e.g. `pg@^8`. */
  readonly peers: readonly string[];
  /** A folder with `receipt.png`. */
  readonly inputs: string;
}

/** Something that is tried in a project that has the package; answers what is worth telling of it. */
export interface Trial {
  readonly name: string;
  readonly run: (project: TrialProject, tried: Package) => Promise<string | undefined>;
}

const heavy = ["@grpc", "google-gax", "google-auth-library", "protobufjs"];

/** What google-gax brings with an install script, which npm asks about before it runs. */
const floorWithScripts = ["node_modules/protobufjs"];

const install: Trial = {
  name: "installs, without a script of its own",
  run: async (project, { tarball }) => {
    await project.install(tarball);
    const { packages } = project.readJson("package-lock.json") as {
      readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
    };
    const scripted = Object.keys(packages).filter(
      (path) => packages[path]?.hasInstallScript === true && !floorWithScripts.includes(path),
    );
    if (scripted.length > 0) throw new Error(`${scripted.join(", ")} would run install scripts`);
    return `${Object.keys(packages).length - 1} packages`;
  },
};

function runs(file: string, program: string): Trial["run"] {
  return async (project) => {
    project.write(file, program);
    expectWritten(await project.expect(0, "node", file));
    return undefined;
  };
}

const compile = (typescript: string, allSettings = moduleSettings): Trial => ({
  name: `compiles with TypeScript ${typescript}, and runs`,
  run: async (project) => {
    await project.install(`typescript@${typescript}`, "@types/node@22");
    project.write("program.ts", typeScriptProgram);
    for (const settings of allSettings) {
      const outDir = `out-${settings.moduleResolution}`;
      const options = { ...compilerOptions, ...settings, outDir };
      const configuration = { compilerOptions: options, files: ["program.ts"] };
      project.write("tsconfig.json", JSON.stringify(configuration));
      await project.expect(0, "tsc", "-p", ".");
      expectWritten(await project.expect(0, "node", `${outDir}/program.js`));
    }
    return undefined;
  },
});

const trialsOfModules: readonly Trial[] = [
  install,
  {
    name: "imports neither gRPC nor gax",
    run: async (project) => {
      project.write("light.js", importLight);
      const [here, away] = ["node_modules", "away"].map((name) => join(project.folder, name));
      mkdirSync(away ?? "");
      const move = (from = "", to = ""): void => {
        for (const name of heavy) renameSync(join(from, name), join(to, name));
      };
      move(here, away);
      await project.expect(0, "node", "light.js");
      move(away, here);
      return undefined;
    },
  },
  { name: "runs", run: runs("program.js", moduleProgram) },
  {
    name: "bundles with esbuild, and runs bundled",
    run: async (project) => {
      await project.install("esbuild");
      project.write("function.js", functionProgram);
      project.write("call.js", callFunction);
      const bundle = join(project.folder, "../bundle.cjs");
      const flags = [
        "--bundle",
        "--minify",
        "--platform=node",
        "--external:pg",
        "--log-level=error",
      ];
      await project.expect(0, "esbuild", "function.js", ...flags, `--outfile=${bundle}`);
      const output = await project.expect(0, "node", "call.js", pathToFileURL(bundle).href);
      expectText(output, ["operations/"]);
      return `${(statSync(bundle).size / 2 ** 20).toFixed(2)} MiB`;
    },
  },
  {
    name: "the command tells what the emulator lacks",
    run: async (project, { version, inputs }) => {
      expectText(await project.expect(0, "npx", "vision-batch", "--version"), [version]);
      cpSync(inputs, join(project.folder, "inputs"), { recursive: true });
      expectText(await annotate(project, 3), ["sharp", "npm install"]);
      return undefined;
    },
  },
  {
    name: "the command annotates once it is there",
    run: async (project, { peers }) => {
      await project.install(...peers);
      expectText(await annotate(project, 0), ["succeeded"]);
      return undefined;
    },
  },
];

/** What is tried, by the kind of project: each starts with an install. */
export function trialsOf(typescripts: readonly string[]): readonly {
  readonly kind: string;
  readonly type: "module" | "commonjs";
  readonly trials: readonly Trial[];
}[] {
  return [
    { kind: "ESM, JavaScript", type: "module", trials: trialsOfModules },
    {
      kind: "ESM, TypeScript",
      type: "module",
      trials: [install, ...typescripts.map((each) => compile(each))],
    },
    {
      ...{ kind: "CommonJS", type: "commonjs" },
      trials: [
        install,
        { name: "runs by require", run: runs("program.js", commonJsProgram) },
        ...typescripts.map((each) => compile(each, settingsOfCommonJs)),
      ],
    },
  ];
}

function annotate(project: TrialProject, code: number): Promise<string> {
  const args = ["--features", "TEXT_DETECTION", "--output", "gs://bucket/out/", "--emulator"];
  return project.expect(code, "npx", "vision-batch", "annotate", "inputs/receipt.png", ...args);
}

function expectWritten(output: string): void {
  if (!isDeepStrictEqual(JSON.parse(output), written)) throw new Error(`it wrote ${output}`);
}

function expectText(output: string, texts: readonly string[]): void {
  const lacking = texts.filter((text) => !output.includes(text));
  if (lacking.length > 0) throw new Error(`it does not say ${lacking.join(", ")}:\n${output}`);
}
