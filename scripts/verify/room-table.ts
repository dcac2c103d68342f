/** A room of src/ and the rooms that it may import; what is not named it may not. */
export interface Room {
  readonly name: string;
  readonly imports: readonly string[];
}

/** A package, or a file that is as heavy as one, and the only rooms that may import it. */
export interface GuardedPackage {
  readonly name: string;
  readonly path: string;
  readonly rooms: readonly string[];
}

const base = ["errors", "protocol"];
const core = [...base, "telemetry", "requests", "transport", "operations", "storage", "results"];

/** The rooms, lowest first: the room table of ARCHITECTURE.md. */
export const rooms: readonly Room[] = [
  { name: "errors", imports: [] },
  { name: "protocol", imports: ["errors"] },
  { name: "telemetry", imports: ["errors"] },
  { name: "requests", imports: base },
  { name: "transport", imports: [...base, "telemetry"] },
  { name: "operations", imports: [...base, "telemetry", "transport"] },
  { name: "storage", imports: ["errors"] },
  { name: "results", imports: [...base, "storage"] },
  { name: "annotation", imports: [...base, "requests", "transport", "storage", "results"] },
  { name: "runs", imports: core },
  { name: "workers", imports: [...core, "runs"] },
  { name: "report", imports: [...base, "storage", "results", "runs"] },
  { name: "dashboard", imports: ["errors", "runs"] },
  { name: "emulator", imports: [...base, "requests", "storage"] },
];

/** The files at the top of src/ (the client and the named re-exports), a room of their own. */
export const front: Room = { name: "front", imports: [...core, "annotation", "runs"] };

/** The one room that may import every other, and the front. */
export const everything = "cli";

/** The one room that may import generated/. */
export const generatedRoom = "protocol";

/** Packages that only some rooms may import, with what they are in a resolved path. */
export const guardedPackages: readonly GuardedPackage[] = [
  { name: "@grpc/*", path: "node_modules/@grpc/", rooms: ["transport", "emulator"] },
  { name: "google-gax", path: "node_modules/google-gax/", rooms: ["transport"] },
  {
    name: "google-auth-library",
    path: "node_modules/google-auth-library/",
    rooms: ["transport", "storage"],
  },
  { name: "@opentelemetry/*", path: "node_modules/@opentelemetry/", rooms: ["telemetry"] },
  { name: "prom-client", path: "node_modules/prom-client/", rooms: ["telemetry"] },
];

/** The entry points under this path may be heavy: servers for tests. */
export const heavyEntry = "src/emulator/";

/** What no other entry point loads at import, whatever lies between. */
export const heavyAtImport: readonly string[] = [
  "node_modules/@grpc/",
  "node_modules/google-gax/",
  "node_modules/google-auth-library/",
  "node_modules/@google-cloud/",
  "node_modules/@opentelemetry/",
  "^generated/.*\\.grpc\\.ts$",
];

/** Entry points that package.json does not name: worker threads are started by URL. */
export const workerEntries: readonly string[] = [
  "src/emulator/annotators/annotator-worker.ts",
  "src/report/pdf-page-worker.ts",
];
