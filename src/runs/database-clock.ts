import { wallClock, type RunClock } from "./run-clock.ts";

/** What of the time is the machine's. */
export interface MachineTime {
  /** Milliseconds since 1970. */
  wallMs(): number;
  /** Milliseconds since some time; never set back or forward. */
  steadyMs(): number;
}

const machineTime: MachineTime = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
};

/** So long the time goes on by that of the machine before the database is asked again. */
const keptMs = 30_000;
/** A machine whose clocks differ by so much has slept, or its clock was set: the database is asked. */
const jumpMs = 1000;
/** An answer that took longer tells too little. */
const maxAnswerMs = 2000;

/**
 * The time of the database, so that all who share a journal agree on leases and on what is due however
 * their clocks go. It is asked anew while it is used, now and then and whenever there is reason to.
 */
export class DatabaseClock implements RunClock {
  readonly #readMs: () => Promise<number>;
  readonly #machine: MachineTime;
  #base = { databaseMs: 0, wallMs: 0, steadyMs: 0 };
  #setting: Promise<void> | undefined;

  private constructor(readMs: () => Promise<number>, machine: MachineTime) {
    this.#readMs = readMs;
    this.#machine = machine;
  }

  /** Begins with the time that the database tells. */
  static async start(
    readMs: () => Promise<number>,
    machine: MachineTime = machineTime,
  ): Promise<DatabaseClock> {
    const clock = new DatabaseClock(readMs, machine);
    await clock.#set(Infinity);
    return clock;
  }

  /** A machine that slept sees it by its wall clock only; taken for more than has passed, nothing is sent too late. */
  now(): number {
    const { databaseMs, wallMs, steadyMs } = this.#base;
    const steady = this.#machine.steadyMs() - steadyMs;
    const wall = this.#machine.wallMs() - wallMs;
    if (steady > keptMs || Math.abs(wall - steady) > jumpMs) this.#setSoon();
    return databaseMs + Math.max(steady, wall);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return wallClock.sleep(ms, signal);
  }

  /** Where the database does not answer the time goes on as it is. */
  #setSoon(): void {
    this.#setting ??= this.#set(maxAnswerMs)
      .catch(() => undefined)
      .finally(() => {
        this.#setting = undefined;
      });
  }

  async #set(longestMs: number): Promise<void> {
    const before = this.#machine.steadyMs();
    const readMs = await this.#readMs();
    const steadyMs = this.#machine.steadyMs();
    const tookMs = steadyMs - before;
    if (tookMs > longestMs) return;
    const databaseMs = readMs + tookMs / 2;
    this.#base = { databaseMs, wallMs: this.#machine.wallMs(), steadyMs };
  }
}
