import type {
  ChunkRef,
  ChunkWithAttempt,
  Decision,
} from "../../../../src/runs/journal/chunk-record.ts";
import type { ChunkStep, NewChunk, SubmitGate } from "../../../../src/runs/journal/chunk-writes.ts";
import type { NewEvent } from "../../../../src/runs/journal/event-record.ts";
import type { Journal } from "../../../../src/runs/journal/journal.ts";
import type { RunKey } from "../../../../src/runs/journal/run-record.ts";
import {
  chooseRetries,
  errorData,
  type Evidence,
  type StepPolicy,
} from "../../../../src/runs/steps/index.ts";
import { seededRandom } from "../../../protocol/json/random-json.ts";
import { claimOf, epochMs, makeChunks, planRun } from "../../journal/planned-run.ts";
import { SimulatedServer, type Faults, type Random } from "./simulated-server.ts";
import { SimulatedWorker } from "./simulated-worker.ts";
import { successors } from "./successors.ts";
import { Violation } from "./violation.ts";

/** What a run in a simulated world begins with. */
export interface WorldOptions {
  readonly seed: number;
  readonly chunks: number;
  readonly chunkSize: number;
  readonly workers: number;
  readonly faults: Faults;
  readonly policy: StepPolicy;
}

/** How a chunk ended. */
export interface EndedChunk {
  readonly held: ChunkWithAttempt;
  readonly step: ChunkStep;
  /** When its output was last looked at; -1: never by the worker that ended it. */
  readonly outputReadMs: number;
}

let runs = 0;

/** A run in virtual time: a real journal, a simulated service, and workers that may crash. */
export class World {
  readonly journal: Journal;
  readonly server: SimulatedServer;
  readonly random: Random;
  readonly policy: StepPolicy;
  readonly run: RunKey;
  readonly workers: SimulatedWorker[];
  /** The last end of each chunk. */
  readonly ended = new Map<number, EndedChunk>();
  nowMs = epochMs;
  /** Steps that were decided and attempts that were begun. */
  transitions = 0;
  /** The types of all events that were written. */
  readonly eventTypes = new Set<string>();
  /** Whether submits are allowed, by what was asked of the run. */
  mayBegin = true;
  readonly #inputs = new Map<number, readonly number[]>();
  readonly #fences = new Map<number, number>();
  readonly #limits;
  #started = 0;

  private constructor(journal: Journal, run: RunKey, options: WorldOptions) {
    const { seed, chunks, chunkSize, workers, faults, policy } = options;
    this.journal = journal;
    this.run = run;
    this.random = seededRandom(seed);
    this.policy = policy;
    this.server = new SimulatedServer(faults, this.random);
    this.server.advanceTo(this.nowMs);
    this.#limits = {
      ...{ maxImagesInProcessing: chunkSize * 5, maxFilesInProcessing: 1 },
      ...{ requestsPerMinute: 600, unknownHoldMs: 30_000 },
    };
    for (let number = 0; number < chunks; number++) {
      const inputs = Array.from({ length: chunkSize }, (_, index) => number * chunkSize + index);
      this.#inputs.set(number, inputs);
    }
    this.workers = Array.from({ length: workers }, () => this.startWorker());
  }

  static async open(journal: Journal, options: WorldOptions): Promise<World> {
    const id = `run ${++runs}`;
    const run = await planRun(journal, {
      id,
      scope: id,
      count: options.chunks,
      size: options.chunkSize,
    });
    return new World(journal, run.key, options);
  }

  /** All inputs of the run. */
  get inputs(): readonly number[] {
    return [...new Set([...this.#inputs.values()].flat())];
  }

  inputsOf(chunk: number): readonly number[] {
    return this.#inputs.get(chunk) ?? [];
  }

  startWorker(): SimulatedWorker {
    return new SimulatedWorker(`worker ${++this.#started}`, this);
  }

  /** A worker is gone with all it had in hand; another one starts. */
  crash(index: number): void {
    const place = index % this.workers.length;
    this.workers[place] = this.startWorker();
  }

  pass(ms: number): void {
    this.nowMs += Math.ceil(ms);
    this.server.advanceTo(this.nowMs);
  }

  noteClaim({ chunk: { number, fence } }: ChunkWithAttempt): void {
    const before = this.#fences.get(number) ?? 0;
    if (fence <= before)
      throw new Violation(`chunk ${number} was claimed with fence ${fence} again`);
    this.#fences.set(number, fence);
  }

  /** Writes a step; false where the claim is lost. */
  async advance(
    step: ChunkStep,
    { held, outputReadMs }: { readonly held: ChunkWithAttempt; readonly outputReadMs: number },
  ): Promise<boolean> {
    const { number, fence } = step.claim;
    const { state } = held.chunk;
    const to = step.progress.state;
    if (!successors[state].includes(to)) {
      throw new Violation(`chunk ${number} went from ${state} to ${to}`);
    }
    const [written] = await this.journal.advance([step]);
    if (written !== true) return false;
    if (fence !== this.#fences.get(number)) {
      throw new Violation(
        `chunk ${number} was changed under fence ${fence}, which is not the last`,
      );
    }
    for (const { type } of step.events) this.eventTypes.add(type);
    if (step.outcome !== undefined) this.ended.set(number, { held, step, outputReadMs });
    return true;
  }

  async begin({ chunk, attempt }: ChunkWithAttempt, event: NewEvent): Promise<SubmitGate> {
    const { run, number } = chunk;
    const prefix = `gs://bucket/${run}/${number}/${chunk.attempt + 1}/`;
    const gone = attempt?.operation?.name;
    const gate = await this.journal.beginAttempt(claimOf({ chunk }), {
      ...{ prefix, fingerprint: "", limits: this.#limits, nowMs: this.nowMs, event },
      ...(gone === undefined ? {} : { goneOperation: gone }),
    });
    if (gate.gate === "begun") {
      this.transitions++;
      this.eventTypes.add(event.type);
      if (!this.mayBegin)
        throw new Violation(`chunk ${number} was submitted after a pause or cancel`);
    }
    return gate;
  }

  /** What a worker holds must be what the journal has. */
  async compare({ chunk, attempt }: ChunkWithAttempt): Promise<void> {
    if (this.random() > 0.1) return;
    const kept = await this.journal.readChunk(chunk);
    if (kept?.chunk.fence !== chunk.fence) return;
    // Somebody who has lost the claim has recorded a name meanwhile.
    if (attempt?.operation === undefined && kept.attempt?.operation !== undefined) return;
    const known = JSON.stringify(sorted({ chunk: plain(chunk), attempt }));
    const read = JSON.stringify(sorted({ chunk: plain(kept.chunk), attempt: kept.attempt }));
    if (known !== read) throw new Violation(`a chunk is held as ${known}, and kept as ${read}`);
  }

  async keepLate(
    { chunk: { run, number, attempt } }: ChunkWithAttempt,
    evidence: Evidence,
    worker: string,
  ): Promise<void> {
    const late = { run, number, attempt, worker, nowMs: this.nowMs };
    if (evidence.type === "accepted") {
      await this.journal.recordOperation({ ...late, operation: evidence.operation });
    } else if (evidence.type === "submitFailed" && evidence.outcome !== "unknown") {
      const kept = await this.journal.recordRefusal({ ...late, error: errorData(evidence.error) });
      if (kept) this.eventTypes.add("refusalFound");
    }
  }

  async pause(): Promise<void> {
    const { run: key, nowMs } = this;
    const paused = await this.journal.changeRun(key, { from: ["running"], to: "paused", nowMs });
    if (paused !== undefined) this.mayBegin = false;
  }

  async resume(): Promise<void> {
    const { run: key, nowMs } = this;
    const resumed = await this.journal.changeRun(key, { from: ["paused"], to: "running", nowMs });
    if (resumed !== undefined) this.mayBegin = true;
  }

  async cancel(): Promise<void> {
    if ((await this.journal.cancelRun(this.run, this.nowMs)) !== undefined) this.mayBegin = false;
  }

  async decide(number: number, decision: Decision): Promise<void> {
    await this.journal.decide({ run: this.run, number }, { decision, nowMs: this.nowMs });
  }

  /** Sends again what failed or is missing, of the chunks that have ended. */
  async retry(): Promise<void> {
    const run = await this.journal.readRun(this.run);
    const ended = await this.journal.listChunks({
      ...{ run: this.run, states: ["done", "failed", "cancelled"], limit: 100 },
    });
    let number = run?.chunks ?? 0;
    const planned = new Map<number, readonly number[]>();
    const chunks: NewChunk[] = [];
    const taken: (ChunkRef & {
      fence: number;
      outcome: NonNullable<ReturnType<typeof chooseRetries>>["outcome"];
    })[] = [];
    for (const { chunk } of ended) {
      const outcome = await this.journal.readOutcome(chunk);
      const choice = outcome === undefined ? undefined : chooseRetries(outcome);
      if (choice === undefined) continue;
      const inputs = this.inputsOf(chunk.number);
      const again = choice.positions.flatMap((position) => inputs[position] ?? []);
      planned.set(number, again);
      chunks.push(...makeChunks(1, { from: number, size: again.length }));
      taken.push({
        run: this.run,
        number: chunk.number,
        fence: chunk.fence,
        outcome: choice.outcome,
      });
      number++;
    }
    if (chunks.length === 0) return;
    const part = { run: this.run, round: (run?.rounds ?? 0) + 1, chunks, taken, nowMs: this.nowMs };
    if (!(await this.journal.appendRetry(part))) return;
    for (const [added, inputs] of planned) this.#inputs.set(added, inputs);
    this.mayBegin = (await this.journal.readRun(this.run))?.state === "running";
  }

  /** What happened, for whoever looks for the cause of a violation. */
  async trail(): Promise<string> {
    const events = await this.journal.listEvents({ run: this.run, limit: 10_000 });
    const lines = events.map(({ chunk = "run", atMs, worker = "-", fence, attempt, type, data }) =>
      [
        ...[`${((atMs - epochMs) / 1000).toFixed(3)} s`, `chunk ${chunk}`, worker],
        ...[`fence ${fence ?? "-"}`, `attempt ${attempt ?? "-"}`, type, JSON.stringify(data ?? {})],
      ].join("  "),
    );
    const accepted = this.server.accepted.map(
      ({ prefix, end, endMs, operation }) =>
        `${operation.name} ${prefix} ${end} at ${((endMs - epochMs) / 1000).toFixed(3)} s`,
    );
    return [...lines, "the server accepted:", ...accepted].join("\n");
  }
}

function plain({ leaseUntilMs: _, ...chunk }: ChunkWithAttempt["chunk"]): object {
  return chunk;
}

/** The value with the members of its objects in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
