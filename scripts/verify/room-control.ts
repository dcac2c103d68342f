import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { cruiseTree } from "./cruise-tree.ts";
import { everything, front, generatedRoom, guardedPackages, rooms } from "./room-table.ts";

/** An import in the control tree; with a rule, one that has to be reported. */
interface Import {
  readonly from: string;
  /** A path from the root of the tree, or a package. */
  readonly to: string;
  readonly form?: "static" | "type" | "typeof" | "dynamic";
  readonly rule?: string | undefined;
}

const entry = "src/cli/main.ts";
const peer = "some-peer";
const dependencies = ["some-dependency", ...guardedPackages.map(({ path }) => sampleOf(path))];
const manifest = {
  dependencies: versioned(dependencies),
  devDependencies: versioned(["some-tool", peer]),
  peerDependencies: versioned([peer]),
};
const packages = [...dependencies, "some-tool", peer, "unlisted"];

/**
 * Proves that the rules see what they forbid, and nothing else, on a tree that breaks every one of
 * them: what is not reported though it should be, or the other way round, a line each.
 */
export async function controlRooms(): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-rooms-"));
  try {
    const imports = [...betweenRooms(), ...ofPackages(), ...singleFaults()];
    writeTree(root, imports);
    const { violations } = await cruiseTree(root, { optionalPeers: [peer], entries: [entry] });
    const expected = ["orphan: src/errors/orphan.ts", ...imports.flatMap(expectationOf)];
    return [
      ...expected.filter((each) => !violations.includes(each)).map((each) => `missed: ${each}`),
      ...violations.filter((each) => !expected.includes(each)).map((each) => `wrongly: ${each}`),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Every room, the front among them, imports every other, and generated/. */
function betweenRooms(): Import[] {
  const all = [...rooms, front, { name: everything, imports: [...rooms, front].map(nameOf) }];
  return all.flatMap(({ name, imports }) => [
    ...all
      .filter((other) => other.name !== name)
      .map((other) => ({
        from: `${folderOf(name)}to-${other.name}.ts`,
        to: `${folderOf(other.name)}index.ts`,
        rule: imports.includes(other.name) ? undefined : `room-${name}`,
      })),
    {
      from: `${folderOf(name)}to-generated.ts`,
      to: "generated/messages.ts",
      rule: name === generatedRoom ? undefined : "generated",
    },
  ]);
}

/** Every room imports every guarded package at first use. */
function ofPackages(): Import[] {
  const all = [...rooms.map(nameOf), front.name, everything];
  return guardedPackages.flatMap(({ name, path, rooms: owners }, index) =>
    all.map((room) => ({
      from: `${folderOf(room)}package-${index}.ts`,
      to: sampleOf(path),
      form: "dynamic",
      rule: owners.includes(room) ? undefined : `package-${name}`,
    })),
  );
}

function singleFaults(): Import[] {
  const gax = sampleOf("node_modules/google-gax/");
  const stubs = "generated/stubs.grpc.ts";
  return [
    { from: "src/errors/type.ts", to: "src/cli/index.ts", form: "type", rule: "room-errors" },
    { from: "src/errors/late.ts", to: "src/cli/index.ts", form: "dynamic", rule: "room-errors" },
    { from: "src/requests/type.ts", to: gax, form: "type", rule: "package-google-gax" },
    { from: "src/transport/typeof.ts", to: gax, form: "typeof" },
    { from: "src/cli/unknown.ts", to: "src/helpers/index.ts", rule: "room-unknown" },
    { from: "src/errors/test.ts", to: "test/fixture.ts", rule: "inward" },
    { from: "src/errors/loop-a.ts", to: "src/errors/loop-b.ts", rule: "circular" },
    { from: "src/errors/loop-b.ts", to: "src/errors/loop-a.ts" },
    { from: "src/errors/nowhere.ts", to: "src/errors/nothing.ts", rule: "unresolved" },
    { from: "src/errors/peer.ts", to: peer, rule: "optional-peer" },
    { from: "src/errors/peer-type.ts", to: peer, form: "type" },
    { from: "src/errors/peer-late.ts", to: peer, form: "dynamic" },
    { from: "src/errors/peer-typeof.ts", to: peer, form: "typeof" },
    { from: "src/errors/dependency.ts", to: "some-dependency" },
    { from: "src/errors/tool.ts", to: "some-tool", rule: "not-a-dependency" },
    { from: "src/errors/tool-type.ts", to: "some-tool", form: "type" },
    { from: "src/errors/unlisted.ts", to: "unlisted", rule: "not-a-dependency" },
    { from: "src/transport/heavy.ts", to: gax, rule: "heavy-at-import" },
    { from: "src/protocol/heavy.ts", to: stubs, rule: "heavy-at-import" },
  ];
}

/** Writes the imports, all reached from the entry, and one module that is not. */
function writeTree(root: string, imports: readonly Import[]): void {
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of packages) {
    put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0" }));
    put(`node_modules/${name}/index.js`, "");
  }
  const sources = imports.map(({ from }) => from);
  const targets = imports.map(({ to }) => to).filter((to) => to.endsWith(".ts"));
  for (const path of targets) {
    if (!path.endsWith("/nothing.ts")) put(path, "export interface Thing {}");
  }
  for (const each of imports) put(each.from, statementOf(each));
  put("src/errors/orphan.ts", "export {};");
  put(entry, sources.map((to) => statementOf({ from: entry, to })).join("\n"));
  put("package.json", JSON.stringify(manifest));
}

function statementOf({ from, to, form = "static" }: Import): string {
  const specifier = JSON.stringify(packages.includes(to) ? to : specifierOf(from, to));
  if (form === "dynamic") return `export const late = () => import(${specifier});`;
  if (form === "typeof") return `export type Late = typeof import(${specifier});`;
  return form === "type" ? `import type { Thing } from ${specifier};` : `import ${specifier};`;
}

function specifierOf(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

function expectationOf({ from, to, rule }: Import): string[] {
  if (rule === undefined) return [];
  const target = packages.includes(to) ? `node_modules/${to}/index.js` : to;
  if (rule === "heavy-at-import") return [`${rule}: ${entry} -> ${target} (by ${from})`];
  return [`${rule}: ${from} -> ${rule === "unresolved" ? specifierOf(from, to) : target}`];
}

/** A package that the path of a guarded one stands for: itself, or one of its scope. */
function sampleOf(path: string): string {
  const name = path.replace(/^node_modules\//, "").replace(/\/$/, "");
  return name.startsWith("@") && !name.includes("/") ? `${name}/sample` : name;
}

function folderOf(room: string): string {
  return room === front.name ? "src/" : `src/${room}/`;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function versioned(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "1.0.0"]));
}
