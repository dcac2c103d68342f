import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { runLive } from "../../../scripts/live/run-live.ts";
import type { LiveReport } from "../../../scripts/live/report.ts";
import type { Emulator } from "../../../src/emulator/index.ts";

/** How the script was run, and what it said. */
export interface LiveRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run with a report. */
export interface ReportedRun extends LiveRun {
  readonly report: LiveReport;
  readonly path: string;
}

/** A folder for reports. */
export class ReportFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<ReportFolder> {
    return new ReportFolder(await mkdtemp(join(tmpdir(), "vision-batch-live-")));
  }

  /** Runs the script against an emulator without asking, and reads its report. */
  async run(
    emulator: Pick<Emulator, "grpc" | "http">,
    args: readonly string[] = [],
    signal?: AbortSignal,
  ): Promise<ReportedRun> {
    const path = join(this.path, "report.json");
    const given = ["--project", "p", "--bucket", "live-bucket", "--yes", "--out", path, ...args];
    const run = await runScript([...given, ...emulatorArgs(emulator)], { signal });
    return { ...run, path, report: JSON.parse(await readFile(path, "utf8")) as LiveReport };
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true });
  }
}

/** The arguments that name an emulator. */
export function emulatorArgs({ grpc, http }: Pick<Emulator, "grpc" | "http">): readonly string[] {
  return ["--emulator-grpc", grpc, "--emulator-http", http];
}

/** Runs the script's main function; `answer` is what a person types at its terminal. */
export async function runScript(
  args: readonly string[],
  options: {
    readonly answer?: string;
    readonly signal?: AbortSignal | undefined;
    readonly environment?: NodeJS.ProcessEnv;
  } = {},
): Promise<LiveRun> {
  const { answer, signal = new AbortController().signal, environment = {} } = options;
  const stdin = Object.assign(new PassThrough(), { isTTY: answer !== undefined });
  stdin.end(answer ?? "");
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runLive(args, { stdin, stdout, stderr, environment, signal });
  return { code, stdout: said(stdout), stderr: said(stderr) };
}

function said(stream: PassThrough): string {
  return ((stream.read() as Buffer | null) ?? Buffer.alloc(0)).toString("utf8");
}

/** The evidence of each fact, as far as tests look at it. */
interface EvidenceOf {
  readonly "shard-order": Readonly<
    Record<"order" | "twins" | "joined", Readonly<Record<string, unknown>>>
  >;
  readonly "shard-times": { readonly sightings: readonly { name: string; seen: string }[] };
  readonly "prefix-without-slash": { readonly names: readonly string[] };
  readonly "operation-metadata": {
    readonly states: readonly string[];
    readonly fractionDigits: number;
    readonly repeated: boolean;
  };
  readonly "operation-names": readonly { readonly parent: string; readonly form: string }[];
  readonly "list-operations": readonly {
    readonly name: string;
    readonly code: string;
    readonly hasOwn: boolean;
  }[];
  readonly "cancel-operation": Answered & { readonly outcome: string };
  readonly "delete-operation": Answered & { readonly getAfter: string };
  readonly "wait-operation": Answered;
  readonly "refused-sources": readonly { readonly code: string }[];
  readonly "image-errors": { readonly statuses: readonly object[] };
  readonly "operation-errors": readonly { readonly outcome: string }[];
  /** Of a probe that failed. */
  readonly "file-errors": { readonly error: object };
  readonly retention: readonly { readonly purpose: string; readonly code: string }[];
}

interface Answered {
  readonly answer: { readonly code: string };
}

/** The evidence of a fact. */
export function evidence<Key extends keyof EvidenceOf>(
  report: LiveReport,
  key: Key,
): EvidenceOf[Key] {
  const fact = report.facts[key];
  if (fact === undefined) throw new Error(`the report has no fact ${key}`);
  return fact.evidence as EvidenceOf[Key];
}

const response = {
  imagePropertiesAnnotation: { dominantColors: { colors: [{ score: 1 }] } },
  cropHintsAnnotation: { cropHints: [{ confidence: 1 }] },
  fullTextAnnotation: { text: "page" },
};
/** Recorded answers for what the script stages; the rest is read as it is. */
export const recordings = [
  { uri: "gs://live-bucket/**/picture*.png", response },
  { uri: "gs://live-bucket/**/report.pdf", response },
];

/** The objects in the bucket of the runs. */
export async function objectsIn({ http }: Pick<Emulator, "http">): Promise<readonly string[]> {
  const url = `${http}/storage/v1/b/live-bucket/o`;
  const answer = await fetch(url, { headers: { connection: "close" } });
  const { items = [] } = (await answer.json()) as { items?: readonly { name: string }[] };
  return items.map(({ name }) => `gs://live-bucket/${name}`);
}
