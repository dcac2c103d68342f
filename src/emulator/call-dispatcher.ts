import type { CallLog } from "./call-log.ts";
import type { CallHandler, CallOutcome, EmulatedCall } from "./emulated-call.ts";
import { sleep, type EmulatorClock } from "./emulator-clock.ts";
import type { FaultEngine } from "./faults/fault-engine.ts";
import type { FaultStrike } from "./faults/fault-rule.ts";
import type { PlainJson } from "./plain-json.ts";
import type { RequestQuota } from "./request-quota.ts";
import { ServiceError, statusOf } from "./service-error.ts";

/** Takes every call of either transport through faults and quota to its handler. */
export class CallDispatcher {
  readonly #faults: FaultEngine;
  readonly #quota: RequestQuota;
  readonly #log: CallLog;
  readonly #clock: EmulatorClock;
  readonly #handlers: ReadonlyMap<string, CallHandler>;

  constructor(parts: {
    readonly faults: FaultEngine;
    readonly quota: RequestQuota;
    readonly log: CallLog;
    readonly clock: EmulatorClock;
    /** By method name, e.g. `GetOperation`. */
    readonly handlers: ReadonlyMap<string, CallHandler>;
  }) {
    this.#faults = parts.faults;
    this.#quota = parts.quota;
    this.#log = parts.log;
    this.#clock = parts.clock;
    this.#handlers = parts.handlers;
  }

  /** Whether there is a handler for a method. */
  handles(methodName: string): boolean {
    return this.#handlers.has(methodName);
  }

  /** Answers a call; never rejects. A caller that goes away during a delay before acceptance has sent nothing. */
  async dispatch(call: EmulatedCall): Promise<CallOutcome> {
    const { name } = call.entry;
    this.#log.countCall(name);
    const strikes = this.#faults.strikes(call.service, name);
    try {
      const before = await this.#strike(strikes.beforeAcceptance, call.signal);
      if (before !== undefined) return before;
      call.signal.throwIfAborted();
      if (call.service === "vision") this.#quota.take();
      const response = await this.#handle({ ...call, operationStrike: strikes.operation });
      this.#log.countAccepted(name);
      if (strikes.afterAcceptance?.drop === "afterResponse") {
        await sleep(this.#clock, strikes.afterAcceptance.delayMs, call.signal);
        return { response, drop: "afterResponse" };
      }
      return (await this.#strike(strikes.afterAcceptance, call.signal)) ?? { response };
    } catch (error) {
      return { status: call.signal.aborted ? cancelled : statusOf(error) };
    }
  }

  #handle(call: Parameters<CallHandler>[0]): Promise<PlainJson> {
    const handler = this.#handlers.get(call.entry.name);
    if (handler === undefined) {
      throw new ServiceError({
        code: "UNIMPLEMENTED",
        message: `The emulator does not serve ${call.entry.service}/${call.entry.name}.`,
      });
    }
    return handler(call);
  }

  async #strike(
    strike: FaultStrike | undefined,
    signal: AbortSignal,
  ): Promise<CallOutcome | undefined> {
    if (strike === undefined) return undefined;
    await sleep(this.#clock, strike.delayMs, signal);
    const { drop } = strike;
    if (drop === "beforeHeaders" || drop === "afterHeaders") return { drop };
    return strike.status === undefined ? undefined : { status: strike.status };
  }
}

const cancelled = { code: "CANCELLED", message: "The caller went away." } as const;
