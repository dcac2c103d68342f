import { partlyBundled } from "../build/bundle.ts";
import type { IFlattenedRuleSet } from "dependency-cruiser";
import {
  everything,
  front,
  generatedRoom,
  guardedPackages,
  rooms,
  type GuardedPackage,
  type Room,
} from "./room-table.ts";

type Rule = NonNullable<IFlattenedRuleSet["forbidden"]>[number];

/** What the rules depend on besides the table. */
export interface RuleOptions {
  /** Packages that need not be installed: loaded at first use alone. */
  readonly optionalPeers: readonly string[];
  /** The files that users, or worker threads, start from. */
  readonly entries: readonly string[];
}

const frontPath = "^src/[^/]+$";
const severity = "error";

/** How dependency-cruiser marks what is gone once types are stripped. */
export const typesOnly: readonly ("type-only" | "type-import")[] = ["type-only", "type-import"];

/** The rules for dependency-cruiser that the room table amounts to. */
export function roomRules(options: RuleOptions): Rule[] {
  const entries = options.entries.map(exactly);
  return [
    ...rooms.map(roomRule),
    {
      name: "room-front",
      severity,
      from: { path: frontPath },
      to: { path: "^src/[^/]+/", pathNot: front.imports.map(roomPath) },
    },
    {
      name: "room-unknown",
      comment: "a folder of src/ that the table does not name",
      severity,
      from: {},
      to: {
        path: "^src/[^/]+/",
        pathNot: [...rooms.map(({ name }) => name), everything].map(roomPath),
      },
    },
    {
      name: "generated",
      comment: `only src/${generatedRoom} imports generated/`,
      severity,
      from: { path: "^src/", pathNot: roomPath(generatedRoom) },
      to: { path: "^generated/" },
    },
    {
      name: "inward",
      comment: "what ships imports nothing that does not",
      severity,
      from: { path: "^(src|generated)/" },
      to: {
        path: "^(?!src/|generated/|node_modules/)[^/]+/",
        dependencyTypesNot: ["core"],
        couldNotResolve: false,
      },
    },
    ...guardedPackages.map(packageRule),
    ...dependencyRules(options.optionalPeers),
    { name: "circular", severity, from: {}, to: { circular: true } },
    { name: "unresolved", severity, from: {}, to: { couldNotResolve: true } },
    {
      name: "orphan",
      comment: "nothing that users start from comes to this module",
      severity,
      from: { path: entries },
      to: { path: "^src/", pathNot: entries, reachable: false },
    },
  ];
}

function roomRule({ name, imports }: Room): Rule {
  const allowed = [name, ...imports].map(roomPath);
  return {
    name: `room-${name}`,
    severity,
    from: { path: roomPath(name) },
    to: { path: "^src/", pathNot: allowed },
  };
}

function packageRule({ name, path, rooms: owners }: GuardedPackage): Rule {
  return {
    name: `package-${name}`,
    comment: `only ${owners.join(" and ")} import ${name}`,
    severity,
    from: { path: "^src/", pathNot: owners.map(roomPath) },
    to: { path: `(^|/)${path}` },
  };
}

function dependencyRules(optionalPeers: readonly string[]): Rule[] {
  return [
    {
      name: "optional-peer",
      comment: "an optional peer is loaded at first use, by import()",
      severity,
      from: { path: "^src/" },
      to: {
        path: optionalPeers.map((name) => `(^|/)node_modules/${name}/`),
        dynamic: false,
        dependencyTypesNot: [...typesOnly],
      },
    },
    {
      name: "not-a-dependency",
      comment: "users install the dependencies and the peers alone; some is bundled",
      severity,
      from: { path: "^(src|generated)/" },
      to: {
        path: "(^|/)node_modules/",
        pathNot: partlyBundled.map((name) => `(^|/)node_modules/${name}/`),
        dependencyTypesNot: ["npm", "npm-peer", "npm-optional", ...typesOnly],
      },
    },
  ];
}

function roomPath(name: string): string {
  return `^src/${name}/`;
}

function exactly(path: string): string {
  return `^${path.replaceAll(".", "\\.")}$`;
}
