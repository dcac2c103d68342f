import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CodegenError } from "./codegen-error.ts";
import type { FileMap } from "./folder.ts";
import { protoPackages, wantedFiles, wantedFolders, type ProtoPackage } from "./config.ts";

/** One .proto file as it stands in its source. */
export interface ProtoFile {
  /** The import path, e.g. `google/rpc/status.proto`. */
  readonly path: string;
  /** The npm package that the path belongs to. */
  readonly packageName: string;
  readonly content: Buffer;
}

/** A place that .proto files are read from. */
export interface ProtoSource {
  /** The version of a package here, or a word for the checkout. */
  version(protoPackage: ProtoPackage): string;
  /** The folder that holds the import paths of a package. */
  folder(protoPackage: ProtoPackage): string;
}

/** The packages under a node_modules folder. */
export function npmSource(nodeModules: string): ProtoSource {
  return {
    version: ({ name }) => {
      const manifest = join(nodeModules, name, "package.json");
      if (!existsSync(manifest)) {
        throw new CodegenError(`the package ${name} is not installed: run \`npm ci\``);
      }
      return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
    },
    folder: ({ name, folder }) => join(nodeModules, name, folder),
  };
}

/** A checkout of googleapis; it is held to the digests of the lock like the packages. */
export function checkoutSource(directory: string): ProtoSource {
  if (!existsSync(join(directory, "google"))) {
    throw new CodegenError(`${directory} is no googleapis checkout: it has no folder google/`);
  }
  return { version: () => "checkout", folder: () => directory };
}

/** The wanted files and everything that they import, sorted by path. */
export function readClosure(source: ProtoSource): ProtoFile[] {
  const found = new Map<string, ProtoFile>();
  const queue = wantedPaths(source).map((path) => ({ path, importer: "the codegen's own list" }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next.path) || next.path.startsWith("google/protobuf/")) continue;
    const file = readProto(source, next.path, next.importer);
    found.set(next.path, file);
    for (const path of importsOf(file)) queue.push({ path, importer: next.path });
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Those of some files that the source has; their imports are not followed. */
export function readFiles(source: ProtoSource, paths: readonly string[]): ProtoFile[] {
  return paths.flatMap((path) => {
    const owner = ownerOf(path, "the lock");
    const location = join(source.folder(owner), path);
    if (!existsSync(location)) return [];
    return [{ path, packageName: owner.name, content: readFileSync(location) }];
  });
}

/** The content of files by path. */
export function asFileMap(files: readonly ProtoFile[]): FileMap {
  return new Map(files.map(({ path, content }) => [path, content]));
}

function wantedPaths(source: ProtoSource): string[] {
  const inFolders = wantedFolders.flatMap((folder) => {
    const owner = ownerOf(folder, "the codegen's own list");
    const directory = join(source.folder(owner), folder);
    if (!existsSync(directory)) {
      throw new CodegenError(`${owner.name} has no folder ${folder}`);
    }
    return readdirSync(directory)
      .filter((name) => name.endsWith(".proto"))
      .map((name) => folder + name);
  });
  return [...inFolders, ...wantedFiles];
}

function readProto(source: ProtoSource, path: string, importer: string): ProtoFile {
  const owner = ownerOf(path, importer);
  const location = join(source.folder(owner), path);
  if (!existsSync(location)) {
    throw new CodegenError(
      `${path}, wanted by ${importer}, is missing in ${owner.name} ${source.version(owner)}`,
    );
  }
  return { path, packageName: owner.name, content: readFileSync(location) };
}

function ownerOf(path: string, importer: string): ProtoPackage {
  const owner = protoPackages.find(({ holds }) => holds.test(path));
  if (owner === undefined) {
    throw new CodegenError(
      `${path}, wanted by ${importer}, belongs to none of ${protoPackages.map(({ name }) => name).join(", ")}`,
    );
  }
  return owner;
}

function importsOf(file: ProtoFile): string[] {
  const statements = file.content
    .toString("utf8")
    .matchAll(/^\s*import\s+(?:public\s+)?"([^"]+)";/gm);
  return [...statements].map(([, path]) => path ?? "");
}
