import type { ChunkRef, ChunkSelection } from "../chunk-record.ts";
import type { SubmitGate } from "../chunk-writes.ts";
import type { EventSelection } from "../event-record.ts";
import type { Journal } from "../journal.ts";
import type { RunKey, RunSelection } from "../run-record.ts";
import { decide, recordOperation, recordRefusal } from "./attempt-store.ts";
import { CallBatch } from "./call-batch.ts";
import { listAttempts, listChunks, listEvents, readBlock, readChunk } from "./chunk-store.ts";
import { claim, hasDue, nextDueMs, release, renew } from "./claim-store.ts";
import {
  hasUndelivered,
  setDelivered,
  takeUndelivered,
  tellUndelivered,
  type Undelivered,
  type UndeliveredRequest,
} from "./delivery-store.ts";
import { readFlow } from "./flow-store.ts";
import { JournalTransaction } from "./journal-transaction.ts";
import type { BeforeCommit, JournalWrite, WriteMethod } from "./journal-write.ts";
import { readOutcome } from "./outcome-store.ts";
import { appendPlan, appendRetry, commitPlan, readDigests } from "./plan-store.ts";
import { holdPolls, readPollLoad, type PollLoad } from "./poll-store.ts";
import { byIndexes, type PostgresDatabase, type TransactionOptions } from "./postgres-database.ts";
import { progress } from "./progress-store.ts";
import type { Queries } from "./queries.ts";
import {
  cancelRun,
  changeRun,
  createRun,
  findRun,
  hasEnded,
  listRuns,
  readRun,
  removeRun,
  settleRun,
} from "./run-store.ts";
import { advance } from "./step-store.ts";
import { beginAttempts, type SubmitCall } from "./submit-store.ts";
import { survey, type Survey, type SurveyRequest } from "./survey-store.ts";

/** A journal in PostgreSQL: every method is one transaction of the functions beside this. */
export class PostgresJournal implements Journal {
  readonly #database: PostgresDatabase;
  /** Who asks for turns at the same time gets them together. */
  readonly #submits: CallBatch<SubmitCall, SubmitGate>;
  readonly #beforeCommit: BeforeCommit | undefined;

  constructor(database: PostgresDatabase, beforeCommit?: BeforeCommit) {
    this.#database = database;
    this.#submits = new CallBatch((calls) => this.#beginAttempts(calls));
    this.#beforeCommit = beforeCommit;
  }

  async createRun(...args: Parameters<Journal["createRun"]>): ReturnType<Journal["createRun"]> {
    return this.#write({ method: "createRun", args }, (queries) => createRun(queries, ...args));
  }

  async findRun(id: string): ReturnType<Journal["findRun"]> {
    return this.#database.read((queries) => findRun(queries, id));
  }

  async readRun(key: RunKey): ReturnType<Journal["readRun"]> {
    return this.#database.read((queries) => readRun(queries, key));
  }

  async listRuns(selection: RunSelection): ReturnType<Journal["listRuns"]> {
    return this.#database.read((queries) => listRuns(queries, selection));
  }

  async changeRun(...args: Parameters<Journal["changeRun"]>): ReturnType<Journal["changeRun"]> {
    return this.#write({ method: "changeRun", args }, (queries) => changeRun(queries, ...args));
  }

  async cancelRun(...args: Parameters<Journal["cancelRun"]>): ReturnType<Journal["cancelRun"]> {
    return this.#write({ method: "cancelRun", args }, (queries) => cancelRun(queries, ...args), {
      isLong: true,
    });
  }

  /** Asked for at every turn of a worker: what has not ended is told without a transaction. */
  async settleRun(...args: Parameters<Journal["settleRun"]>): ReturnType<Journal["settleRun"]> {
    const [key] = args;
    const isOpen = await this.#database.read(async (queries) => !(await hasEnded(queries, key)));
    if (isOpen) return this.readRun(key);
    return this.#write({ method: "settleRun", args }, (queries) => settleRun(queries, ...args));
  }

  async removeRun(...args: Parameters<Journal["removeRun"]>): Promise<boolean> {
    return this.#write({ method: "removeRun", args }, (queries) => removeRun(queries, ...args), {
      isLong: true,
    });
  }

  async progress(key: RunKey): ReturnType<Journal["progress"]> {
    return this.#database.snapshot((queries) => progress(queries, key));
  }

  async appendPlan(...args: Parameters<Journal["appendPlan"]>): Promise<boolean> {
    return this.#write({ method: "appendPlan", args }, (queries) => appendPlan(queries, ...args));
  }

  async readDigests(from: ChunkRef, limit: number): ReturnType<Journal["readDigests"]> {
    return this.#database.read((queries) => readDigests(queries, from, limit));
  }

  async commitPlan(...args: Parameters<Journal["commitPlan"]>): ReturnType<Journal["commitPlan"]> {
    return this.#write({ method: "commitPlan", args }, (queries) => commitPlan(queries, ...args));
  }

  async appendRetry(...args: Parameters<Journal["appendRetry"]>): Promise<boolean> {
    return this.#write({ method: "appendRetry", args }, (queries) => appendRetry(queries, ...args));
  }

  async claim(...args: Parameters<Journal["claim"]>): ReturnType<Journal["claim"]> {
    if (!(await this.#database.read((queries) => hasDue(queries, ...args)))) return [];
    return this.#write({ method: "claim", args }, (queries) => claim(queries, ...args));
  }

  async nextDueMs(request: Parameters<Journal["nextDueMs"]>[0]): ReturnType<Journal["nextDueMs"]> {
    return this.#database.snapshot((queries) => nextDueMs(queries, request));
  }

  async renew(...args: Parameters<Journal["renew"]>): ReturnType<Journal["renew"]> {
    return this.#write({ method: "renew", args }, (queries) => renew(queries, ...args));
  }

  async release(...args: Parameters<Journal["release"]>): Promise<void> {
    return this.#write({ method: "release", args }, (queries) => release(queries, ...args));
  }

  async beginAttempt(
    ...[claim, intent]: Parameters<Journal["beginAttempt"]>
  ): ReturnType<Journal["beginAttempt"]> {
    return this.#submits.add({ claim, intent });
  }

  async advance(...args: Parameters<Journal["advance"]>): ReturnType<Journal["advance"]> {
    return this.#write({ method: "advance", args }, (queries) => advance(queries, ...args));
  }

  async recordOperation(...args: Parameters<Journal["recordOperation"]>): Promise<boolean> {
    return this.#write({ method: "recordOperation", args }, (queries) =>
      recordOperation(queries, ...args),
    );
  }

  async recordRefusal(...args: Parameters<Journal["recordRefusal"]>): Promise<boolean> {
    return this.#write({ method: "recordRefusal", args }, (queries) =>
      recordRefusal(queries, ...args),
    );
  }

  async decide(...args: Parameters<Journal["decide"]>): Promise<boolean> {
    return this.#write({ method: "decide", args }, (queries) => decide(queries, ...args));
  }

  async readChunk(chunk: ChunkRef): ReturnType<Journal["readChunk"]> {
    return this.#database.read((queries) => readChunk(queries, chunk));
  }

  async listChunks(selection: ChunkSelection): ReturnType<Journal["listChunks"]> {
    return this.#database.read((queries) => listChunks(queries, selection));
  }

  async readBlock(chunk: ChunkRef): ReturnType<Journal["readBlock"]> {
    return this.#database.read((queries) => readBlock(queries, chunk));
  }

  async readOutcome(chunk: ChunkRef): ReturnType<Journal["readOutcome"]> {
    return this.#database.read((queries) => readOutcome(queries, chunk));
  }

  async listAttempts(
    selection: Parameters<Journal["listAttempts"]>[0],
  ): ReturnType<Journal["listAttempts"]> {
    return this.#database.read((queries) => listAttempts(queries, selection));
  }

  async listEvents(selection: EventSelection): ReturnType<Journal["listEvents"]> {
    return this.#database.read((queries) => listEvents(queries, selection));
  }

  async readFlow(scope: string): ReturnType<Journal["readFlow"]> {
    return this.#database.read((queries) => readFlow(queries, scope));
  }

  /** The time of the server. */
  async readTimeMs(): Promise<number> {
    return this.#database.read(async (queries) => {
      const sql = "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms";
      return ((await queries.get(sql)) as { readonly ms: number }).ms;
    });
  }

  /** The reads of operations that all who share the journal make. */
  async readPollLoad(): Promise<PollLoad> {
    return this.#database.snapshot((queries) => readPollLoad(queries));
  }

  /** Lets nobody read an operation for a while. */
  async holdPolls(untilMs: number): Promise<void> {
    await this.#database.write((queries) => holdPolls(queries, untilMs), { isRepeatable: true });
  }

  /** What there is to do, for whoever hands it out to many workers. */
  async survey(request: SurveyRequest): Promise<Survey> {
    return this.#database.snapshot((queries) => survey(queries, request));
  }

  /**
   * Runs the work of somebody else and what belongs to it in one transaction, once: it is kept if and only
   * if this resolves. @throws what the work throws; JournalError.
   */
  async transact<T>(work: (transaction: JournalTransaction) => Promise<T>): Promise<T> {
    return this.#database.write(
      async (queries) => {
        using transaction = new JournalTransaction(queries, async (steps) => {
          await queries.script(byIndexes);
          const result = await advance(queries, steps);
          await this.#tell({ method: "advance", args: [steps], result }, queries);
          return result;
        });
        return await work(transaction);
      },
      { isLong: true, isOnce: true },
    );
  }

  /** The records of a chunk were handed on; false where they were before. */
  async setDelivered(chunk: ChunkRef): Promise<boolean> {
    return this.#database.write((queries) => setDelivered(queries, chunk));
  }

  /** Tells in the events of a chunk that its records could not be handed on, unless they were. */
  async tellUndelivered(chunk: ChunkRef, told: Undelivered): Promise<boolean> {
    return this.#database.write((queries) => tellUndelivered(queries, chunk, told));
  }

  /** Chunks whose records should have been handed on by now; nobody else is told of them before `againMs`. */
  async takeUndelivered(request: UndeliveredRequest): Promise<readonly ChunkRef[]> {
    if (!(await this.#database.read((queries) => hasUndelivered(queries, request)))) return [];
    return this.#database.write(async (queries) => {
      const result = await takeUndelivered(queries, request);
      await this.#tell({ method: "takeUndelivered", args: [request], result }, queries);
      return result;
    });
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #write<Method extends WriteMethod, Result extends Awaited<ReturnType<Journal[Method]>>>(
    call: { readonly method: Method; readonly args: Parameters<Journal[Method]> },
    work: (queries: Queries) => Promise<Result>,
    options: TransactionOptions = {},
  ): Promise<Result> {
    return this.#database.write(async (queries) => {
      const result = await work(queries);
      await this.#tell({ ...call, result } as JournalWrite, queries);
      return result;
    }, options);
  }

  async #beginAttempts(calls: readonly SubmitCall[]): Promise<readonly (SubmitGate | Error)[]> {
    return this.#database.write(async (queries) => {
      const gates = await beginAttempts(queries, calls);
      for (const [index, { claim, intent }] of calls.entries()) {
        const result = gates[index];
        if (result === undefined || result instanceof Error) continue;
        await this.#tell({ method: "beginAttempt", args: [claim, intent], result }, queries);
      }
      return gates;
    });
  }

  async #tell(write: JournalWrite, queries: Queries): Promise<void> {
    await queries.lend(async (client) => this.#beforeCommit?.(write, client));
  }
}
