import { cruise, type ICruiseResult, type IModule } from "dependency-cruiser";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { entryPoints, type EntryManifest } from "../build/entry-points.ts";
import { roomRules, typesOnly, type RuleOptions } from "./room-rules.ts";
import { heavyAtImport, heavyEntry } from "./room-table.ts";

/** What dependency-cruiser and the rules make of a tree. */
export interface CruisedTree {
  /** The modules of src/ that were read. */
  readonly modules: readonly string[];
  /** A line each, `rule: from -> to`, in order. */
  readonly violations: readonly string[];
}

/** Checks the rooms of the tree under a root. */
export async function cruiseTree(root: string, options: RuleOptions): Promise<CruisedTree> {
  const { output } = await cruise(["src"], {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: roomRules(options) },
    // What only types import counts as well.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "default"] },
  });
  if (typeof output === "string") throw new Error("dependency-cruiser answered with text");
  return {
    modules: output.modules.map(({ source }) => source).filter((each) => each.startsWith("src/")),
    violations: [
      ...ruleViolations(output),
      ...heavyImports(output.modules, options.entries),
    ].sort(),
  };
}

/** What package.json says of a tree: the optional peers, and the sources of its entry points. */
export function ruleOptionsOf(root: string, threads: readonly string[]): RuleOptions {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as EntryManifest & {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  return {
    optionalPeers: Object.keys(manifest.peerDependencies),
    entries: [...entryPoints(manifest, threads).values()],
  };
}

function ruleViolations({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to }) =>
    from === to ? `${rule.name}: ${from}` : `${rule.name}: ${from} -> ${to}`,
  );
}

/** What an entry point loads at import and should load at first use; with the way that leads there. */
function heavyImports(modules: readonly IModule[], entries: readonly string[]): string[] {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  return entries
    .filter((entry) => !entry.startsWith(heavyEntry))
    .flatMap((entry) => {
      const cameFrom = new Map<string, string>([[entry, ""]]);
      for (const source of cameFrom.keys()) {
        for (const next of loadedWith(bySource.get(source))) {
          if (!cameFrom.has(next)) cameFrom.set(next, source);
        }
      }
      return [...cameFrom]
        .filter(([path]) => heavyAtImport.some((pattern) => new RegExp(pattern).test(path)))
        .map(([path, from]) => `heavy-at-import: ${entry} -> ${path} (by ${from})`);
    });
}

function loadedWith(module: IModule | undefined): string[] {
  return (module?.dependencies ?? [])
    .filter(({ dynamic }) => !dynamic)
    .filter(({ dependencyTypes }) => !typesOnly.some((each) => dependencyTypes.includes(each)))
    .map(({ resolved }) => resolved);
}
