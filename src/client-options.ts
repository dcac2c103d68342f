import { VisionBatchError } from "./errors/index.ts";
import type { PollSchedule } from "./operations/index.ts";
import { apiVersions, type ApiVersion } from "./protocol/api-version.ts";
import { locations } from "./protocol/limits.ts";
import type { Clock, ConnectionOptions, Logger } from "./transport/index.ts";

/** Options of a VisionBatchClient. */
export interface VisionBatchClientOptions<V extends ApiVersion = "v1"> extends ConnectionOptions {
  /** The version of the API. Default `v1`. */
  readonly version?: V | undefined;
  /** Where the client tells of retries and failures. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** When operations are read. Default: Google's recommendation; a quick one for an emulator. */
  readonly pollSchedule?: PollSchedule | undefined;
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock | undefined;
}

/** What an option must be, and whether a value is that. */
interface Check {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

const text: Check = {
  expected: "a string that is not empty",
  fits: (value) => typeof value === "string" && value !== "",
};

/** Every option of a client; what is not here is none. */
const checks: Readonly<Record<keyof VisionBatchClientOptions, Check>> = {
  version: oneOf(apiVersions),
  location: oneOf(locations),
  projectId: text,
  quotaProjectId: text,
  keyFilename: text,
  endpoint: text,
  universeDomain: text,
  credentials: {
    expected: "an object, as it stands in a key file",
    fits: (value) => typeof value === "object" && value !== null,
  },
  authClient: withMethods("getRequestHeaders"),
  logger: withMethods("debug", "info", "warn", "error"),
  clock: withMethods("now", "sleep"),
  emulator: {
    expected: 'false or { grpc: "host:port" }',
    fits: (value) => value === false || typeof fieldsOf(value)["grpc"] === "string",
  },
  pollSchedule: {
    expected: "initialMs and maxMs over 0, multiplier of at least 1, jitter from 0 to 1",
    fits: (value) => {
      const { initialMs, multiplier, maxMs, jitter } = fieldsOf(value);
      const isWithin = (number: unknown, min: number, max = Infinity): boolean =>
        typeof number === "number" && number >= min && number <= max;
      const isPause = (ms: unknown): boolean => isWithin(ms, Number.MIN_VALUE);
      return (
        isPause(initialMs) && isPause(maxMs) && isWithin(multiplier, 1) && isWithin(jitter, 0, 1)
      );
    },
  },
};

/**
 * Checks the options of a client, which plain JavaScript may have misspelt: a forgotten emulator
 * would be Google, and billed.
 * @throws VisionBatchError naming every option that is wrong.
 */
export function checkClientOptions<V extends ApiVersion>(
  options: VisionBatchClientOptions<V>,
): void {
  const problems = Object.entries(fieldsOf(options)).flatMap(([name, value]) => {
    if (!Object.hasOwn(checks, name)) return [`there is no option ${name}`];
    const { expected, fits } = checks[name as keyof VisionBatchClientOptions];
    return value === undefined || fits(value) ? [] : [`${name} must be ${expected}`];
  });
  if (problems.length > 0) {
    throw new VisionBatchError(`a client cannot have these options: ${problems.join("; ")}`);
  }
}

function oneOf(values: readonly string[]): Check {
  return {
    expected: `one of ${values.join(", ")}`,
    fits: (value) => values.includes(value as string),
  };
}

function withMethods(...names: readonly string[]): Check {
  return {
    expected: `an object with ${names.map((name) => `${name}()`).join(", ")}`,
    fits: (value) => names.every((name) => typeof fieldsOf(value)[name] === "function"),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>;
}
