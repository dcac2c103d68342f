import {
  loadServices,
  operationsService,
  type MethodEntry,
  type TransportName,
} from "../../src/protocol/method-table.ts";
import { parityCases } from "../../test/e2e/parity-cases.ts";
import type { CallPolicy, Cell, LeftOut } from "./cell.ts";
import { faults as allFaults, unstruck, type Fault } from "./faults.ts";
import { Stage, type Scene } from "./stage.ts";

/** What of the matrix is run. */
export interface MatrixOptions {
  /** Default: gRPC, then REST. */
  readonly transports?: readonly TransportName[] | undefined;
  /** Names of methods, e.g. `GetOperation`. Default: every method of the table of v1. */
  readonly methods?: readonly string[] | undefined;
  /** Default: all. */
  readonly faults?: readonly Fault[] | undefined;
}

/** The methods that a watched operation is read by. */
const polls: ReadonlySet<string> = new Set(["GetOperation", "WaitOperation"]);

/** Runs every method under every fault, one after the other, against an emulator of its own. */
export async function* runMatrix({
  transports = ["grpc", "rest"],
  methods,
  faults = allFaults,
}: MatrixOptions = {}): AsyncGenerator<Cell | LeftOut, void, void> {
  const entries = (await tableOfV1()).filter(([, { name }]) => methods?.includes(name) ?? true);
  const stage = await Stage.open();
  try {
    for (const transport of transports) {
      for (const [key, method] of entries) {
        const scene = { transport, key, method, policy: policyOf(key, method) };
        const why = await whyLeftOut(stage, scene);
        if (why !== undefined) yield { transport, method: method.name, why };
        else for (const fault of faults) yield await stage.play({ ...scene, fault });
      }
    }
  } finally {
    await stage.close();
  }
}

async function whyLeftOut(stage: Stage, scene: Omit<Scene, "fault">): Promise<string | undefined> {
  const { method, transport } = scene;
  if (transport === "rest" && method.http.length === 0) return "which has no URL for it";
  const { seen } = await stage.play({ ...scene, fault: unstruck });
  const isServed = seen.kind !== "error" || seen.code !== "UNIMPLEMENTED";
  return isServed ? undefined : "which the emulator does not serve";
}

async function tableOfV1(): Promise<readonly (readonly [string, MethodEntry])[]> {
  const { ImageAnnotator, ProductSearch } = await loadServices("v1");
  const services = [ImageAnnotator, ProductSearch, operationsService];
  return services.flatMap((service) => Object.entries(service?.methods ?? {}));
}

function policyOf(key: string, { name }: MethodEntry): CallPolicy {
  if (polls.has(name)) return "poll";
  return parityCases[key]?.kind === "submit" ? "submit" : "read";
}
