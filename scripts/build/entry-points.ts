import { basename } from "node:path";

/** What package.json says of the files of dist/ that users reach. */
export interface EntryManifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >;
}

const program = "src/cli/main.ts";

/** The sources that the build starts from, by the names of their files in dist/. */
export function entryPoints(
  { bin, exports }: EntryManifest,
  threads: readonly string[],
): ReadonlyMap<string, string> {
  return new Map([
    ...targetsOf(exports).map(
      (target) =>
        [basename(target.default), belowTypes(target.types).replace(/\.d\.ts$/, ".ts")] as const,
    ),
    ...Object.values(bin).map((path) => [basename(path), program] as const),
    // Threads are started by URLs that the sources have as well.
    ...threads.map((source) => [`${basename(source, ".ts")}.js`, source] as const),
  ]);
}

/** The declarations of the entry points, below dist/types/, where they lie as sources do below the root. */
export function declarationsOf({ exports }: EntryManifest): readonly string[] {
  return targetsOf(exports).map(({ types }) => belowTypes(types));
}

function targetsOf(exports: EntryManifest["exports"]) {
  return Object.values(exports).filter((target) => typeof target !== "string");
}

function belowTypes(path: string): string {
  return path.replace(/^\.\/dist\/types\//, "");
}
