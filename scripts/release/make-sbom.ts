import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shippedPlaces, type LockedPackages, type LockEntry } from "./shipped-packages.ts";

/** A component of an SBOM in CycloneDX, as far as it is read. */
export interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses?: readonly {
    readonly license?: { readonly id?: string; readonly name?: string };
    readonly expression?: string;
  }[];
}

/** An SBOM in CycloneDX. */
export interface Sbom {
  readonly components: readonly Component[];
}

/** What a project ships with: its dependencies, and what is bundled into it. */
export interface Shipment {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Names of packages. */
  readonly packages: readonly string[];
}

/**
 * Makes the SBOM of what is shipped, by `npm sbom` over the part of the lock file that an install of the
 * package brings: over the whole of it, npm would leave out what optional peers need as well.
 */
export function makeSbom(locked: LockedPackages, shipment: Shipment): Sbom {
  const { packages: names, ...project } = shipment;
  const versionOf = (name: string): string => locked[`node_modules/${name}`]?.version ?? "";
  const dependencies = Object.fromEntries(names.map((name) => [name, versionOf(name)] as const));
  const places = [...shippedPlaces(locked, names)].sort();
  const entries = places.map((path) => [path, withoutKind(locked[path] ?? {})] as const);
  const packages = { "": { ...project, dependencies }, ...Object.fromEntries(entries) };
  const folder = mkdtempSync(join(tmpdir(), "vision-batch-sbom-"));
  try {
    const write = (file: string, content: object): void => {
      writeFileSync(join(folder, file), JSON.stringify(content));
    };
    write("package.json", { ...project, dependencies });
    write("package-lock.json", { ...project, lockfileVersion: 3, packages });
    const args = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"];
    const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
    return JSON.parse(
      execFileSync("npm", args, { cwd: folder, encoding: "utf8", stdio, maxBuffer: 2 ** 26 }),
    ) as Sbom;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The packages whose code stands in what was built, by the licences that its scripts begin with. */
export function bundledPackages(folder: string): readonly string[] {
  const names = globSync("**/*.js", { cwd: folder }).flatMap((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    return [...text.matchAll(/^\/\*! (\S+) \d+\.\d+\.\d+/gm)].map(([, name = ""]) => name);
  });
  return [...new Set(names)].sort();
}

function withoutKind(entry: LockEntry): object {
  const { dev, peer, optional, devOptional, ...rest } = entry as LockEntry &
    Readonly<Record<"dev" | "peer" | "optional" | "devOptional", unknown>>;
  void [dev, peer, optional, devOptional];
  return rest;
}
