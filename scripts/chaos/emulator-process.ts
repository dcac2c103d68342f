import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type {
  EmulatorOptions,
  FaultRule,
  OperationSummary,
  SubmitRecord,
} from "../../src/emulator/index.ts";

/** Where an emulator listens. */
export interface EmulatorAddresses {
  /** `host:port` */
  readonly grpc: string;
  /** `http://host:port` */
  readonly http: string;
}

/** An emulator in a process of its own. */
export class EmulatorProcess implements AsyncDisposable {
  readonly addresses: EmulatorAddresses;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, addresses: EmulatorAddresses) {
    this.#child = child;
    this.addresses = addresses;
  }

  /** @throws Error where it ends before it listens. */
  static async start(options: EmulatorOptions): Promise<EmulatorProcess> {
    const script = join(import.meta.dirname, "children/emulator.ts");
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      return new EmulatorProcess(child, JSON.parse(line) as EmulatorAddresses);
    }
    throw new Error("the emulator ended before it listened");
  }

  /** Every submit that it accepted, in order. */
  async submits(): Promise<readonly SubmitRecord[]> {
    return ((await this.#ask("GET", "submits")) as { submits: SubmitRecord[] }).submits;
  }

  /** Calls of a method that arrived. */
  async calls(method: string): Promise<number> {
    const { calls } = (await this.#ask("GET", "calls")) as { calls: Record<string, number> };
    return calls[method] ?? 0;
  }

  /** Every operation that it remembers. */
  async operations(): Promise<readonly OperationSummary[]> {
    const answer = await this.#ask("GET", "operations");
    return (answer as { operations: OperationSummary[] }).operations;
  }

  /** Lets other things go wrong. */
  async setFaults(rules: readonly FaultRule[]): Promise<void> {
    await this.#ask("PUT", "faults", { rules });
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin?.end();
    await ended;
  }

  async #ask(method: string, endpoint: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.addresses.http}/emulator/v1/${endpoint}`, {
      method,
      headers: { connection: "close" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`the emulator answered ${endpoint} with ${await answer.text()}`);
    return answer.json();
  }
}
