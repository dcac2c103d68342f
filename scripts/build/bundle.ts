import { build, transform, type Metafile } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, parse } from "node:path";
import { licencesOf, packagesIn } from "./bundled-licences.ts";

const root = join(import.meta.dirname, "../..");

/** The packages of which what is used is bundled: of this one a small part, the wire format of messages. */
export const partlyBundled: readonly string[] = ["@bufbuild/protobuf"];

type Output = Metafile["outputs"][string];

/**
 * Bundles sources into one folder: what several of them share, or what is imported at first use, has files
 * of its own. None lies deeper, so that all find the same beside them. Names and lines stay as they are, for
 * stack traces.
 * @param entries the sources, by the names of their files.
 */
export async function bundleSources(
  entries: ReadonlyMap<string, string>,
  folder: string,
): Promise<void> {
  const { outputs, texts } = await bundle(entries, folder);
  const names = nameFiles(outputs, [...entries.keys()]);
  mkdirSync(folder, { recursive: true });
  for (const [path, { inputs, imports }] of Object.entries(outputs)) {
    let code = texts.get(basename(path)) ?? "";
    for (const imported of imports.map((each) => basename(each.path))) {
      code = code.replaceAll(`"./${imported}"`, `"./${names.get(imported) ?? imported}"`);
    }
    const sources = Object.keys(inputs);
    const written = withLicences(await squeeze(code, sources), licencesOf(sources));
    writeFileSync(join(folder, names.get(basename(path)) ?? basename(path)), written);
  }
}

async function bundle(entries: ReadonlyMap<string, string>, folder: string) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [...entries].map(([name, source]) => ({ in: source, out: parse(name).name })),
    outdir: folder,
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node22.13" },
    chunkNames: "[name]-[hash]",
    charset: "utf8",
    external: shippedPackages(),
    logLevel: "warning",
    metafile: true,
    write: false,
  });
  const packages = packagesIn(Object.keys(metafile.inputs));
  const strangers = packages.filter((each) => !partlyBundled.includes(each));
  if (strangers.length > 0) throw new Error(`neither shipped nor bundled: ${strangers.join(", ")}`);
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return { outputs: metafile.outputs, texts };
}

function shippedPackages(): string[] {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  ) as Readonly<Record<"dependencies" | "peerDependencies", Readonly<Record<string, string>>>>;
  return Object.keys({ ...dependencies, ...peerDependencies });
}

/** Names files that are no entries for the source that most of them comes from; no source is in two. */
function nameFiles(
  outputs: Metafile["outputs"],
  entries: readonly string[],
): ReadonlyMap<string, string> {
  const names = new Map(entries.map((name) => [name, name]));
  const taken = new Set(entries);
  for (const [path, { inputs }] of Object.entries(outputs)) {
    const name = basename(path);
    if (names.has(name)) continue;
    const [source] = Object.keys(inputs).sort((a, b) => bytesOf(inputs, b) - bytesOf(inputs, a));
    const told = source?.replace(/^(src|node_modules)\//, "").replace(/\.[jt]s$/, ".js");
    const own = told?.replaceAll(/[^\w.]+/g, "-").replace(/^-/, "") ?? name;
    names.set(name, taken.has(own) ? name : own);
    taken.add(own);
  }
  return names;
}

function bytesOf(inputs: Output["inputs"], source: string): number {
  return inputs[source]?.bytesInOutput ?? 0;
}

/** Most is generated, and nobody reads that: it goes without its whitespace, as what is not ours does. */
async function squeeze(code: string, sources: readonly string[]): Promise<string> {
  if (sources.some((source) => source.startsWith("src/"))) return code;
  return (await transform(code, { minifyWhitespace: true, charset: "utf8" })).code;
}

/** Below the line by which a program is started, where there is one. */
function withLicences(code: string, licences: string): string {
  const [start = ""] = /^#!.*\n/.exec(code) ?? [];
  return start + licences + code.slice(start.length);
}
