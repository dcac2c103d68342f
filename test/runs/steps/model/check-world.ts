import type { ChunkOutcome, ChunkWithAttempt } from "../../../../src/runs/journal/chunk-record.ts";
import { inputStatuses, type InputStatus } from "../../../../src/runs/journal/chunk-record.ts";
import { statusCodes } from "../../../../src/runs/steps/index.ts";
import { resultStatusOf } from "./simulated-server.ts";
import { Violation } from "./violation.ts";
import type { World } from "./world.ts";

/** Checks a world whose run has ended against the server's own record. @throws Violation */
export async function checkWorld(world: World): Promise<void> {
  const { journal, run } = world;
  const chunks = await journal.listChunks({ run, limit: 1000 });
  const final = new Map<number, InputStatus>();
  for (const held of chunks) {
    const outcome = await journal.readOutcome(held.chunk);
    if (outcome === undefined) throw new Violation(`chunk ${held.chunk.number} has no outcome`);
    const statuses = checkOutcome(held, outcome);
    await checkSubmits(world, held, statuses);
    checkResults(world, held, statuses);
    checkEnd(world, held, statuses);
    world.inputsOf(held.chunk.number).forEach((input, position) => {
      const status = statuses[position];
      if (status === undefined || status === "retried") return;
      if (final.has(input)) throw new Violation(`input ${input} has ended twice`);
      final.set(input, status);
    });
  }
  const lost = world.inputs.filter((input) => !final.has(input));
  if (lost.length > 0) throw new Violation(`inputs ${lost.join(", ")} have no status`);
}

function checkOutcome({ chunk }: ChunkWithAttempt, outcome: ChunkOutcome): InputStatus[] {
  const { number, size } = chunk;
  const counted = Object.values(outcome.counts).reduce((sum, count) => sum + count, 0);
  const codes = statusCodes(outcome);
  if (counted !== size || codes.length !== size) {
    throw new Violation(`${counted} of ${size} inputs of chunk ${number} are counted`);
  }
  const statuses = [...codes].map((code) => inputStatuses[code] ?? "missing");
  for (const status of inputStatuses) {
    const told = statuses.filter((each) => each === status).length;
    if (told !== outcome.counts[status]) {
      throw new Violation(
        `chunk ${number} counts ${outcome.counts[status]} ${status}, tells ${told}`,
      );
    }
  }
  return statuses;
}

/** The server accepted no more requests than were meant to be sent. */
async function checkSubmits(
  world: World,
  { chunk }: ChunkWithAttempt,
  statuses: readonly InputStatus[],
): Promise<void> {
  const { run, number, state } = chunk;
  const accepted = world.server.accepted.filter((each) => each.chunk === number);
  if (new Set(accepted.map(({ prefix }) => prefix)).size < accepted.length) {
    throw new Violation(`an attempt of chunk ${number} was accepted twice`);
  }
  const events = await world.journal.listEvents({ run, chunk: number, limit: 10_000 });
  const resubmits = events.filter(({ type }) => type === "resubmitting").length;
  if (accepted.length > 1 + resubmits) {
    throw new Violation(
      `chunk ${number} was accepted ${accepted.length} times with ${resubmits} decisions to resubmit`,
    );
  }
  // A chunk that waits to be sent once more is cancelled by the journal, which does not know why it waits.
  const isCancelledWhileWaiting = state === "cancelled" && resubmits > 0;
  if (statuses.includes("notSubmitted") && accepted.length > 0 && !isCancelledWhileWaiting) {
    throw new Violation(`chunk ${number} was accepted, and its inputs are notSubmitted`);
  }
}

/** Results are told of the inputs that have one in the output, as it was when it was last read. */
function checkResults(
  world: World,
  { chunk, attempt }: ChunkWithAttempt,
  statuses: readonly InputStatus[],
): void {
  const { number, state } = chunk;
  const ended = world.ended.get(number);
  const readMs = ended?.outputReadMs ?? -1;
  const results = world.server.resultsOf(attempt?.prefix ?? "", readMs);
  world.inputsOf(number).forEach((input, position) => {
    const status = statuses[position];
    if (status === "retried") return;
    const isResult = status === "succeeded" || status === "partial" || status === "failed";
    if (isResult && status !== resultStatusOf(input)) {
      throw new Violation(`input ${input} of chunk ${number} is ${status}`);
    }
    if (ended === undefined) return;
    if (isResult && !results.has(input)) {
      throw new Violation(`input ${input} of chunk ${number} is ${status} without output`);
    }
    if (status === "missing" && results.has(input)) {
      throw new Violation(`input ${input} of chunk ${number} has output and is missing`);
    }
    if (state === "done" && !isResult)
      throw new Violation(`chunk ${number} is done without ${input}`);
  });
}

/** A chunk whose operation was followed to its end ends as the server reports, and not before the time of grace. */
function checkEnd(
  world: World,
  { chunk: { number, state }, attempt }: ChunkWithAttempt,
  statuses: readonly InputStatus[],
): void {
  const last = world.ended.get(number)?.held.chunk;
  if (last?.state !== "collecting" || attempt?.operation === undefined) return;
  if ("givenUp" in last.memo || last.memo.adopted === true) return;
  const accepted = world.server.accepted.find(({ prefix }) => prefix === attempt.prefix);
  if (accepted?.end !== "succeeded") {
    if (state === accepted?.end) return;
    throw new Violation(`chunk ${number} is ${state}, its operation ${String(accepted?.end)}`);
  }
  const graceMs = accepted.endMs + world.policy.graceMs;
  const results = world.server.resultsOf(attempt.prefix, graceMs);
  const lost = world
    .inputsOf(number)
    .filter((input, position) => results.has(input) && statuses[position] === "missing");
  if (state !== "done" && state !== "failed") {
    throw new Violation(`chunk ${number} is ${state}, its operation succeeded`);
  }
  if (lost.length > 0) {
    throw new Violation(`inputs ${lost.join(", ")} of chunk ${number} were not waited for`);
  }
}
