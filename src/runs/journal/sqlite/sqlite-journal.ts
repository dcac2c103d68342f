import type { ChunkRef, ChunkSelection, Claim } from "../chunk-record.ts";
import type { ChunkStep, ClaimRequest, SubmitIntent } from "../chunk-writes.ts";
import type { EventSelection } from "../event-record.ts";
import type { Journal } from "../journal.ts";
import type { NewRun, RunChange, RunKey, RunSelection } from "../run-record.ts";
import { beginAttempt, decide, recordOperation, recordRefusal } from "./attempt-store.ts";
import { listAttempts, listChunks, listEvents, readBlock, readChunk } from "./chunk-store.ts";
import { claim, nextDueMs, release, renew } from "./claim-store.ts";
import { readFlow } from "./flow-store.ts";
import { readOutcome } from "./outcome-store.ts";
import { appendPlan, appendRetry, commitPlan, readDigests } from "./plan-store.ts";
import { progress } from "./progress-store.ts";
import {
  cancelRun,
  changeRun,
  createRun,
  findRun,
  listRuns,
  readRun,
  removeRun,
  settleRun,
} from "./run-store.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { advance } from "./step-store.ts";

/** A journal in SQLite: every method is one transaction of the functions beside this. */
export class SqliteJournal implements Journal {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  async createRun(run: NewRun): ReturnType<Journal["createRun"]> {
    return this.#database.write(() => createRun(this.#database, run));
  }

  async findRun(id: string): ReturnType<Journal["findRun"]> {
    return this.#database.read(() => findRun(this.#database, id));
  }

  async readRun(key: RunKey): ReturnType<Journal["readRun"]> {
    return this.#database.read(() => readRun(this.#database, key));
  }

  async listRuns(selection: RunSelection): ReturnType<Journal["listRuns"]> {
    return this.#database.read(() => listRuns(this.#database, selection));
  }

  async changeRun(key: RunKey, change: RunChange): ReturnType<Journal["changeRun"]> {
    return this.#database.write(() => changeRun(this.#database, key, change));
  }

  async cancelRun(key: RunKey, nowMs: number): ReturnType<Journal["cancelRun"]> {
    return this.#database.write(() => cancelRun(this.#database, key, nowMs));
  }

  async settleRun(key: RunKey, nowMs: number): ReturnType<Journal["settleRun"]> {
    return this.#database.write(() => settleRun(this.#database, key, nowMs));
  }

  async removeRun(key: RunKey): Promise<boolean> {
    return this.#database.write(() => removeRun(this.#database, key));
  }

  async progress(key: RunKey): ReturnType<Journal["progress"]> {
    return this.#database.read(() => progress(this.#database, key));
  }

  async appendPlan(part: Parameters<Journal["appendPlan"]>[0]): Promise<boolean> {
    return this.#database.write(() => appendPlan(this.#database, part));
  }

  async readDigests(from: ChunkRef, limit: number): ReturnType<Journal["readDigests"]> {
    return this.#database.read(() => readDigests(this.#database, from, limit));
  }

  async commitPlan(
    totals: Parameters<Journal["commitPlan"]>[0],
  ): ReturnType<Journal["commitPlan"]> {
    return this.#database.write(() => commitPlan(this.#database, totals));
  }

  async appendRetry(part: Parameters<Journal["appendRetry"]>[0]): Promise<boolean> {
    return this.#database.write(() => appendRetry(this.#database, part));
  }

  async claim(request: ClaimRequest): ReturnType<Journal["claim"]> {
    return this.#database.writeSoon(() => claim(this.#database, request));
  }

  async nextDueMs(request: Parameters<Journal["nextDueMs"]>[0]): ReturnType<Journal["nextDueMs"]> {
    return this.#database.read(() => nextDueMs(this.#database, request));
  }

  async renew(worker: string, leaseUntilMs: number): ReturnType<Journal["renew"]> {
    return this.#database.writeSoon(() => renew(this.#database, worker, leaseUntilMs));
  }

  async release(worker: string, claims?: readonly Claim[]): Promise<void> {
    return this.#database.writeSoon(() => {
      release(this.#database, worker, claims);
    });
  }

  async beginAttempt(held: Claim, intent: SubmitIntent): ReturnType<Journal["beginAttempt"]> {
    return this.#database.write(() => beginAttempt(this.#database, held, intent));
  }

  async advance(steps: readonly ChunkStep[]): ReturnType<Journal["advance"]> {
    return this.#database.write(() => advance(this.#database, steps));
  }

  async recordOperation(late: Parameters<Journal["recordOperation"]>[0]): Promise<boolean> {
    return this.#database.write(() => recordOperation(this.#database, late));
  }

  async recordRefusal(late: Parameters<Journal["recordRefusal"]>[0]): Promise<boolean> {
    return this.#database.write(() => recordRefusal(this.#database, late));
  }

  async decide(chunk: ChunkRef, decision: Parameters<Journal["decide"]>[1]): Promise<boolean> {
    return this.#database.write(() => decide(this.#database, chunk, decision));
  }

  async readChunk(chunk: ChunkRef): ReturnType<Journal["readChunk"]> {
    return this.#database.read(() => readChunk(this.#database, chunk));
  }

  async listChunks(selection: ChunkSelection): ReturnType<Journal["listChunks"]> {
    return this.#database.read(() => listChunks(this.#database, selection));
  }

  async readBlock(chunk: ChunkRef): ReturnType<Journal["readBlock"]> {
    return this.#database.read(() => readBlock(this.#database, chunk));
  }

  async readOutcome(chunk: ChunkRef): ReturnType<Journal["readOutcome"]> {
    return this.#database.read(() => readOutcome(this.#database, chunk));
  }

  async listAttempts(
    selection: Parameters<Journal["listAttempts"]>[0],
  ): ReturnType<Journal["listAttempts"]> {
    return this.#database.read(() => listAttempts(this.#database, selection));
  }

  async listEvents(selection: EventSelection): ReturnType<Journal["listEvents"]> {
    return this.#database.read(() => listEvents(this.#database, selection));
  }

  async readFlow(scope: string): ReturnType<Journal["readFlow"]> {
    return this.#database.read(() => readFlow(this.#database, scope));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
