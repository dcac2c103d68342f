import type { Code, FaultRule } from "../../src/emulator/index.ts";
import type { Blow } from "./blows.ts";
import type { SeededRandom } from "./random.ts";

const submit = { service: "vision", method: "AsyncBatchAnnotateImages" } as const;
const get = { service: "operations", method: "GetOperation" } as const;

/** Draws what goes wrong at the service and the store. */
export function planFaults(random: SeededRandom, blows: readonly Blow[]): readonly FaultRule[] {
  const rules = [
    ...submitFaults(random),
    ...operationFaults(random),
    ...outputFaults(random),
    ...storageFaults(random),
  ];
  const chosen = rules.filter(() => random.chance(0.6));
  return [...heldSubmits(random, blows), ...chosen];
}

/** A submit is held where a process is struck at it, so that the blow comes between its intent and its answer. */
function heldSubmits(random: SeededRandom, blows: readonly Blow[]): readonly FaultRule[] {
  return blows.flatMap(({ once: { of, reach } }): FaultRule[] => {
    if (of !== "submits" || random.chance(0.3)) return [];
    const when = random.pick(["beforeAcceptance", "afterAcceptance"] as const);
    return [{ ...submit, when, nth: reach, delayMs: random.integer(200, 800) }];
  });
}

function submitFaults(random: SeededRandom): readonly FaultRule[] {
  const some = () => ({ ...submit, probability: random.between(0.005, 0.05) });
  const late = { when: "afterAcceptance" } as const;
  return [
    { ...some(), dropConnection: "beforeHeaders" },
    { ...some(), dropConnection: "afterHeaders" },
    { ...some(), ...late, dropConnection: "beforeHeaders" },
    { ...some(), ...late, dropConnection: "afterHeaders" },
    { ...some(), ...late, dropConnection: "afterResponse" },
    { ...some(), status: answer(random.pick(["UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED"])) },
    { ...some(), ...late, status: answer(random.pick(["UNAVAILABLE", "UNKNOWN", "ABORTED"])) },
    { ...some(), status: { ...answer("RESOURCE_EXHAUSTED"), details: [retryInfo(random)] } },
    { ...some(), delayMs: random.integer(20, 300) },
    { ...some(), ...late, delayMs: random.integer(20, 300) },
  ];
}

function operationFaults(random: SeededRandom): readonly FaultRule[] {
  const some = () => ({ ...get, probability: random.between(0.002, 0.03) });
  return [
    // What goes on at the service may be unknown to whoever answers.
    { ...some(), status: answer("NOT_FOUND") },
    { ...some(), status: answer(random.pick(["UNAVAILABLE", "INTERNAL"])) },
    { ...some(), dropConnection: "beforeHeaders" },
    { ...some(), when: "afterAcceptance", dropConnection: "afterHeaders" },
    {
      ...{ service: "operations", method: "ListOperations" },
      ...{ probability: random.between(0.1, 0.5), status: answer("UNAVAILABLE") },
    },
    {
      ...{ ...submit, when: "operation", probability: random.between(0.002, 0.02) },
      status: answer(random.pick(["INTERNAL", "UNAVAILABLE"])),
      delayMs: random.integer(0, 300),
    },
  ];
}

function outputFaults(random: SeededRandom): readonly FaultRule[] {
  const some = () =>
    ({ when: "output", method: submit.method, probability: random.between(0.001, 0.01) }) as const;
  return [
    { ...some(), shard: "missing" },
    { ...some(), shard: "truncated" },
  ];
}

function storageFaults(random: SeededRandom): readonly FaultRule[] {
  const some = (method: string) =>
    ({ service: "storage", method, probability: random.between(0.005, 0.1) }) as const;
  return [
    { ...some("objects.list"), status: answer("RESOURCE_EXHAUSTED") },
    { ...some("objects.list"), status: answer("UNAVAILABLE") },
    { ...some("objects.get"), status: answer("RESOURCE_EXHAUSTED") },
    { ...some("objects.get"), status: answer("UNAVAILABLE") },
    { ...some("objects.get"), dropConnection: "beforeHeaders" },
    {
      ...{ ...some("objects.get"), dropConnection: "afterHeaders" },
      afterBytes: random.integer(0, 4000),
    },
  ];
}

function answer(code: Code): { readonly code: Code; readonly message: string } {
  return { code, message: "chaos" };
}

function retryInfo(random: SeededRandom): Readonly<Record<string, unknown>> {
  const retryDelay = `${random.between(0.5, 5).toFixed(3)}s`;
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
}
