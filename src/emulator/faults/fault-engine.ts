import type {
  FaultMoment,
  FaultRule,
  FaultService,
  FaultStrike,
  ShardFault,
} from "./fault-rule.ts";
import { parseFaultRules } from "./parse-fault-rules.ts";

/** What strikes one call, by moment; the first rule of the script that fits a moment wins it. */
export type FaultStrikes = Readonly<Partial<Record<Exclude<FaultMoment, "output">, FaultStrike>>>;

interface RuleState {
  readonly rule: FaultRule;
  readonly method: RegExp;
  matched: number;
  struck: number;
}

/** Decides by rules which calls fail and how; with the same seed and the same calls, the same ones. */
export class FaultEngine {
  readonly #seed: number;
  #random: () => number;
  #states: readonly RuleState[] = [];

  constructor(rules: unknown, seed: number) {
    this.#seed = seed;
    this.#random = seededRandom(seed);
    this.setRules(rules);
  }

  /** The rules in force. */
  get rules(): readonly FaultRule[] {
    return this.#states.map(({ rule }) => rule);
  }

  /** Replaces the script; counters and the random source start again. @throws VisionBatchError for a bad one. */
  setRules(rules: unknown): void {
    this.#states = parseFaultRules(rules).map((rule) => ({
      rule,
      method: methodPattern(rule.method ?? "*"),
      matched: 0,
      struck: 0,
    }));
    this.#random = seededRandom(this.#seed);
  }

  /** Counts a call and answers what strikes it. */
  strikes(service: FaultService, method: string): FaultStrikes {
    const strikes: Partial<Record<keyof FaultStrikes, FaultStrike>> = {};
    for (const state of this.#states) {
      const { rule } = state;
      const moment = rule.when ?? "beforeAcceptance";
      if (moment === "output") continue;
      const matches =
        (rule.service === undefined || rule.service === service) &&
        (moment !== "operation" || (service === "vision" && method.startsWith("Async"))) &&
        state.method.test(method);
      if (!matches || !this.#strikesNow(state) || strikes[moment] !== undefined) continue;
      state.struck += 1;
      strikes[moment] = toStrike(rule);
    }
    return strikes;
  }

  /** Counts a shard of the output of a submit, and answers what becomes of it. */
  strikeShard(method: string): ShardFault | undefined {
    let struck: ShardFault | undefined;
    for (const state of this.#states) {
      const { when, shard } = state.rule;
      if (when !== "output" || !state.method.test(method)) continue;
      if (!this.#strikesNow(state) || struck !== undefined) continue;
      state.struck += 1;
      struck = shard;
    }
    return struck;
  }

  #strikesNow(state: RuleState): boolean {
    const { nth, probability = 1, times = Infinity } = state.rule;
    state.matched += 1;
    const numbered = nth === undefined || [nth].flat().includes(state.matched);
    // Drawn for every numbered call, so that what one rule has used up does not shift the others.
    const drawn = probability >= 1 || (numbered && this.#random() < probability);
    return numbered && drawn && state.struck < times;
  }
}

function toStrike(rule: FaultRule): FaultStrike {
  const { afterBytes = 0, delayMs = 0, dropConnection, status } = rule;
  const drop = dropConnection === true ? "beforeHeaders" : dropConnection;
  return {
    delayMs,
    afterBytes,
    ...(status === undefined ? {} : { status }),
    ...(drop === undefined || drop === false ? {} : { drop }),
  };
}

function methodPattern(glob: string): RegExp {
  const parts = glob.split("*").map((part) => part.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "i");
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
