import { wallClock, type RunClock } from "../runs/run-clock.ts";

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

/** The time of the database, so that workers agree on leases and on what is due however their clocks go. */
export class DatabaseClock implements RunClock {
  readonly #readMs: () => Promise<number>;
  readonly #machine: MachineTime;
  #base = { databaseMs: 0, wallMs: 0, steadyMs: 0 };

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
    await clock.set();
    return clock;
  }

  /** Asks the database anew. */
  async set(): Promise<void> {
    const before = this.#machine.steadyMs();
    const readMs = await this.#readMs();
    const steadyMs = this.#machine.steadyMs();
    const databaseMs = readMs + (steadyMs - before) / 2;
    this.#base = { databaseMs, wallMs: this.#machine.wallMs(), steadyMs };
  }

  /** A machine that slept sees it by its wall clock only; taken for more than has passed, nothing is sent too late. */
  now(): number {
    const { databaseMs, wallMs, steadyMs } = this.#base;
    const steady = this.#machine.steadyMs() - steadyMs;
    return databaseMs + Math.max(steady, this.#machine.wallMs() - wallMs);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return wallClock.sleep(ms, signal);
  }
}
