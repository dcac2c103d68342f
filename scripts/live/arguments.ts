import { parseArgs } from "node:util";
import { locations } from "../../src/protocol/limits.ts";
import { probes } from "./probes.ts";
import type { Probe } from "./probe.ts";

/** What is to be done. */
export type LiveCommand = RunCommand | CheckCommand | { readonly kind: "help" };

/** The service to ask, or the emulator in its place. */
export interface Service {
  readonly project: string | undefined;
  readonly location: Location | undefined;
  readonly keyFile: string | undefined;
  readonly emulator: { readonly grpc: string; readonly http: string } | undefined;
}

/** Ask the service everything. */
export interface RunCommand {
  readonly kind: "run";
  readonly service: Service & { readonly project: string };
  readonly bucket: string;
  /** An object that exists and that the service may not read. */
  readonly forbidden: string | undefined;
  readonly probes: readonly Probe[];
  readonly out: string | undefined;
  readonly yes: boolean;
  readonly keep: boolean;
  readonly waitMs: number;
}

/** Ask which operations of an earlier report are still known. */
export interface CheckCommand {
  readonly kind: "check";
  readonly service: Service;
  readonly report: string;
  readonly out: string | undefined;
}

type Location = (typeof locations)[number];

/** The arguments cannot be used; the message says why. */
export class ArgumentsError extends Error {
  override readonly name = "ArgumentsError";
}

/** How the script is called. */
export const usage = `npm run live -- --project P --bucket B [--location L] [--out FILE] [--yes]
npm run live -- --check FILE [--out FILE]

  --project P          the project of the operations
  --bucket B           a bucket that you and the service may read and write
  --location L         ${locations.join(", ")}: its regional host, and a parent that names it
  --forbidden URI      a gs:// image that exists and that your credentials may not read
  --only KEY,...       these questions only: ${probes.map(({ key }) => key).join(", ")}
  --wait-minutes N     how long an operation is waited for. Default 20
  --key-file FILE      a key of a service account. Default: Application Default Credentials
  --out FILE           the report. Default temp/live-<run id>.json
  --keep               leaves what it wrote in the bucket
  --yes                does not ask
  --check FILE         reads an earlier report and asks which of its operations are still known; free
  --emulator-grpc HOST:PORT --emulator-http URL
                       an emulator in place of the service. Default: VISION_EMULATOR_HOST and
                       VISION_EMULATOR_HTTP
`;

/**
 * Reads the arguments.
 * @throws ArgumentsError.
 */
export function readArguments(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): LiveCommand {
  const values = parse(args);
  if (values.help) return { kind: "help" };
  const service = {
    project: values.project,
    location: oneOf(locations, values.location, "--location"),
    keyFile: values["key-file"],
    emulator: emulatorOf(values, environment),
  };
  const { out, check } = values;
  if (check !== undefined) return { kind: "check", service, report: check, out };
  const { project, bucket, forbidden, yes, keep } = values;
  if (project === undefined || bucket === undefined) {
    throw new ArgumentsError("--project and --bucket are needed");
  }
  const asked = { probes: selectProbes(values.only), waitMs: minutes(values["wait-minutes"]) };
  return {
    kind: "run",
    service: { ...service, project },
    ...{ bucket, forbidden, out, yes, keep, ...asked },
  };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        ...{ project: text, bucket: text, location: text, forbidden: text, only: text },
        ...{ "key-file": text, out: text, check: text, yes: flag, keep: flag, help: flag },
        "wait-minutes": { type: "string", default: "20" },
        ...{ "emulator-grpc": text, "emulator-http": text },
      },
    }).values;
  } catch (error) {
    throw new ArgumentsError((error as Error).message);
  }
}

/** Half an emulator would send billed requests, or real objects, where nobody expects them. */
function emulatorOf(
  values: { readonly "emulator-grpc"?: string; readonly "emulator-http"?: string },
  environment: NodeJS.ProcessEnv,
): Service["emulator"] {
  const { VISION_EMULATOR_HOST, VISION_EMULATOR_HTTP, STORAGE_EMULATOR_HOST } = environment;
  const grpc = values["emulator-grpc"] ?? (VISION_EMULATOR_HOST || undefined);
  const http =
    values["emulator-http"] ?? (VISION_EMULATOR_HTTP || STORAGE_EMULATOR_HOST || undefined);
  if (grpc === undefined && http === undefined) return undefined;
  if (grpc === undefined || http === undefined) {
    throw new ArgumentsError(
      "an emulator is named for one of gRPC and HTTP only: give both --emulator-grpc and --emulator-http, or neither",
    );
  }
  return { grpc, http: http.includes("://") ? http : `http://${http}` };
}

function selectProbes(only: string | undefined): readonly Probe[] {
  if (only === undefined) return probes;
  const keys = only.split(",").map((key) => key.trim());
  const unknown = keys.filter((key) => !probes.some((probe) => probe.key === key));
  if (unknown.length > 0) throw new ArgumentsError(`--only: there is no ${unknown.join(", ")}`);
  return probes.filter(({ key }) => keys.includes(key));
}

function minutes(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number > 0 && number <= 24 * 60)) {
    throw new ArgumentsError(`--wait-minutes ${text} is not a number above 0 and up to 1440`);
  }
  return number * 60_000;
}

function oneOf<T extends string>(
  known: readonly T[],
  value: string | undefined,
  option: string,
): T | undefined {
  const found = known.find((one) => one === value);
  if (value === undefined || found !== undefined) return found;
  throw new ArgumentsError(`${option} ${value} is none of ${known.join(", ")}`);
}
