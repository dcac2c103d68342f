import { expect } from "chai";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { licencesOf } from "../../scripts/build/bundled-licences.ts";
import { bundleSources } from "../../scripts/build/bundle.ts";
import { copyDeclarations } from "../../scripts/build/declarations.ts";
import { declarationsOf, entryPoints } from "../../scripts/build/entry-points.ts";

const root = join(import.meta.dirname, "../..");
const specifiers = /\b(?:from|import)\s*\(?\s*"([@\w.][\w@./:-]*)"/g;

describe("the build", function () {
  this.timeout(30_000);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vision-batch-build-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("finds the sources of what package.json names, and of threads", () => {
    const manifest = {
      bin: { "vision-batch": "dist/cli.js" },
      exports: {
        "./document": {
          types: "./dist/types/src/results/document/index.d.ts",
          default: "./dist/document.js",
        },
        "./package.json": "./package.json",
      },
    };
    expect([...entryPoints(manifest, ["src/a/b-worker.ts"])]).to.deep.equal([
      ["document.js", "src/results/document/index.ts"],
      ["cli.js", "src/cli/main.ts"],
      ["b-worker.js", "src/a/b-worker.ts"],
    ]);
    expect(declarationsOf(manifest)).to.deep.equal(["src/results/document/index.d.ts"]);
  });

  it("puts the program of a clone where npx looks first", () => {
    const program = realpathSync(join(root, "node_modules/.bin/vision-batch"));
    expect(program).to.equal(realpathSync(join(root, "dist/cli.js")));
  });

  it("copies the declarations that lead on from those of users, with what is bundled", () => {
    const sources = {
      "src/index.d.ts":
        'export { a } from "./a.ts";\nexport type B = import("../generated/b.ts").B;\n',
      "src/a.d.ts": 'import type { Client } from "google-gax";\nexport declare const a: Client;\n',
      "src/inner.d.ts": "export declare const inner: 1;\n",
      "generated/b.d.ts":
        'import { BinaryWriter } from "@bufbuild/protobuf/wire";\nexport type B = BinaryWriter;\n',
    };
    for (const [path, text] of Object.entries(sources)) {
      mkdirSync(dirname(join(folder, "from", path)), { recursive: true });
      writeFileSync(join(folder, "from", path), text);
    }
    const to = join(folder, "to");
    copyDeclarations(["src/index.d.ts"], { from: join(folder, "from"), to });
    expect(globSync("**/*.ts", { cwd: to })).to.have.members([
      ...["src/index.d.ts", "src/a.d.ts", "generated/b.d.ts"],
      "bundled/@bufbuild/protobuf/wire.d.ts",
    ]);
    expect(readFileSync(join(to, "src/a.d.ts"), "utf8")).to.equal(sources["src/a.d.ts"]);
    expect(readFileSync(join(to, "generated/b.d.ts"), "utf8")).to.contain(
      'from "../bundled/@bufbuild/protobuf/wire.js"',
    );
  });

  it("names what entries share for a source, and keeps names and lines of ours", async () => {
    const entries = new Map([
      ["document.js", "src/results/document/index.ts"],
      ["index.js", "src/index.ts"],
    ]);
    await bundleSources(entries, folder);
    const names = globSync("*", { cwd: folder });
    expect(names).to.include.members([...entries.keys(), "generated-index.js"]);
    expect(readFileSync(join(folder, "index.js"), "utf8"))
      .to.contain("\n// src/client.ts\n")
      .and.to.contain("VisionBatchClient = class extends AnnotatingClient {\n");
    expect(danglingImports(folder)).to.deep.equal([]);
    const wire = names.find((name) => name.includes("wire-binary-encoding"));
    const text = readFileSync(join(folder, wire ?? ""), "utf8");
    expect(text).to.match(/^\/\*! @bufbuild\/protobuf \d+\.\d+\.\d+\n[^]*?\n\*\/\n/);
    expect(text).to.contain("Copyright 2008 Google Inc.").and.to.contain("Buf Technologies");
  });

  it("bundles no package that was not meant to be", async () => {
    const refusal = await bundleSources(new Map([["a.js", "scripts/build/pages.ts"]]), folder).then(
      () => "",
      (error: unknown) => String(error),
    );
    expect(refusal).to.contain("neither shipped nor bundled: esbuild");
  });

  it("knows the licence of a package by its file, or else by what its files begin with", () => {
    expect(licencesOf(["node_modules/preact/dist/preact.mjs", "src/index.ts"])).to.match(
      /^\/\*! preact [^]*MIT License/,
    );
    expect(licencesOf(["src/index.ts"])).to.equal("");
    expect(() => licencesOf(["node_modules/@bufbuild/protobuf/package.json"])).to.throw(
      /@bufbuild\/protobuf is bundled and has no licence/,
    );
  });
});

describe("dist/", () => {
  const dist = join(root, "dist");

  it("imports nothing that is not there", () => {
    expect(danglingImports(dist)).to.deep.equal([]);
  });

  it("imports no package that users do not have, in code and in declarations", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
      "dependencies" | "peerDependencies",
      Record<string, string>
    >;
    const theirs = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
    const imported = globSync(["*.js", "types/**/*.d.ts"], { cwd: dist }).flatMap((path) =>
      importsOf(join(dist, path)).filter((name) => !name.startsWith(".")),
    );
    expect(imported).to.not.be.empty;
    const strangers = imported
      .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name))
      .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"))
      .filter((name) => !theirs.has(name));
    expect([...new Set(strangers)]).to.deep.equal([]);
  });
});

function importsOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  return [...text.matchAll(specifiers)].map(([, name = ""]) => name);
}

/** Files that others in a folder import and that are not there. */
function danglingImports(folder: string): string[] {
  return globSync(["*.js", "types/**/*.d.ts"], { cwd: folder }).flatMap((path) =>
    importsOf(join(folder, path))
      .filter((name) => name.startsWith("."))
      .map((name) => join(folder, dirname(path), name))
      .map((target) => (path.endsWith(".js") ? target : target.replace(/\.[jt]s$/, ".d.ts")))
      .filter((target) => !existsSync(target)),
  );
}
