import { VisionBatchError } from "./errors/index.ts";
import type { PollSchedule } from "./operations/index.ts";
import { apiVersions, type ApiVersion } from "./protocol/api-version.ts";
import type { TransportName } from "./protocol/method-table.ts";
import { locations, requestsPerMinute } from "./protocol/limits.ts";
import type { TelemetryName } from "./telemetry/index.ts";
import type { Clock, ConnectionOptions, Logger } from "./transport/index.ts";

/** Options of a VisionBatchClient. */
export interface VisionBatchClientOptions<
  V extends ApiVersion = "v1",
  T extends TransportName = "grpc",
> extends ConnectionOptions {
  /** The version of the API. Default `v1`. */
  readonly version?: V | undefined;
  readonly transport?: T | undefined;
  /** A location: its regional host is called where it has one (`us`, `eu`), and `parent` names it where a request of v1 has none. */
  readonly location?: "us" | "eu" | "asia" | undefined;
  /** Where the client tells of retries and failures. Default: nowhere. */
  readonly logger?: Logger | undefined;
  /** Where spans and metrics go: `opentelemetry`, to the providers that are registered with `@opentelemetry/api` when they first are to; runs and workers over the client go by it. Default: nowhere. */
  readonly telemetry?: TelemetryName | undefined;
  /** When operations are read, whatever their age. Default: as others like them took, and as Google recommends while none is known; a quick one for an emulator. */
  readonly pollSchedule?: PollSchedule | undefined;
  /** How many reads of operations a minute the client makes at most, for all of its operations: 1 to 1,800, which is the service's own limit. Default 600; 30,000 for an emulator. */
  readonly pollsPerMinute?: number | undefined;
  /** Where time comes from. Default: the machine. */
  readonly clock?: Clock | undefined;
}

/** The options that the clients of all services have, whose locations differ. */
export type SharedClientOptions = Omit<
  VisionBatchClientOptions<ApiVersion, TransportName>,
  "location"
> &
  Pick<ConnectionOptions, "location">;

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
  transport: oneOf(["grpc", "rest"] satisfies readonly TransportName[]),
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
  telemetry: oneOf(["opentelemetry"] satisfies readonly TelemetryName[]),
  emulator: {
    expected: 'false, { grpc: "host:port" }, { rest: "host:port" } or both',
    fits: (value) => value === false || isEmulator(fieldsOf(value)),
  },
  pollsPerMinute: {
    expected: `a number from 1 to ${requestsPerMinute}`,
    fits: (value) => isWithin(value, 1, requestsPerMinute),
  },
  pollSchedule: {
    expected: "initialMs and maxMs over 0, multiplier of at least 1, jitter from 0 to 1",
    fits: (value) => {
      const { initialMs, multiplier, maxMs, jitter } = fieldsOf(value);
      const isPause = (ms: unknown): boolean => isWithin(ms, Number.MIN_VALUE);
      return (
        isPause(initialMs) && isPause(maxMs) && isWithin(multiplier, 1) && isWithin(jitter, 0, 1)
      );
    },
  },
};

function isWithin(number: unknown, min: number, max = Infinity): boolean {
  return typeof number === "number" && number >= min && number <= max;
}

/**
 * Checks the options of a client, which plain JavaScript may have misspelt: a forgotten emulator
 * would be Google, and billed.
 * @throws VisionBatchError naming every option that is wrong.
 */
export function checkClientOptions<V extends ApiVersion, T extends TransportName>(
  options: VisionBatchClientOptions<V, T>,
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

function isEmulator({ grpc, rest, ...others }: Readonly<Record<string, unknown>>): boolean {
  const addresses = [grpc, rest].filter((address) => address !== undefined);
  return (
    addresses.length > 0 &&
    addresses.every((address) => typeof address === "string") &&
    Object.keys(others).length === 0
  );
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
