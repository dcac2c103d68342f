import type { EventRecord } from "./journal/event-record.ts";

type Data = Readonly<Record<string, unknown>>;

/** What an event means; what is not known here is told by its name and data. */
const meanings: Readonly<Record<string, (data: Data) => string>> = {
  created: () => "the run was created",
  planned: () => "all inputs were planned",
  retried: () => "failed inputs were put into new requests",
  state: ({ state, error }) => `the run is ${text(state)}${messageOf(error)}`,
  takenOver: ({ from }) => `taken over from ${text(from)}, whose time was over`,
  cancelled: () => "cancelled before it was submitted",
  decided: ({ decision, by }) =>
    `decided: ${text(decision)}${by === undefined ? "" : `, by ${text(by)}`}`,
  operationFound: ({ operation }) => `its operation became known late: ${text(operation)}`,
  submitting: () => "about to be submitted",
  resubmitting: ({ by }) =>
    `about to be submitted again, by decision of ${by === "policy" ? "the policy" : "a person"}: an earlier one may have been accepted`,
  accepted: ({ operation }) => `accepted as ${text(operation)}`,
  rejected: ({ code, retryInMs }) =>
    `${code === undefined ? "refused, or never sent" : `refused with ${text(code)}`}${typeof retryInMs === "number" ? `, again in ${(retryInMs / 1000).toFixed(1)} s` : ""}`,
  unreachable: ({ code }) =>
    `nothing reaches the service (${text(code)}): what is to be submitted waits until something does`,
  reachable: () => "the service is reached again",
  submitUnknown: ({ code }) =>
    `the answer was lost (${text(code)}): it may have been accepted, so what became of it is looked for`,
  submitInterrupted: () =>
    "its process ended before it heard of the answer: it may have been accepted, so what became of it is looked for",
  operationLost: ({ operation }) =>
    `the service does not know ${text(operation)} any more; its output is looked for`,
  operationEnded: ({ as, code }) =>
    `the operation has ${as === "succeeded" ? "succeeded" : `ended as ${text(as)}`}${code === undefined ? "" : ` (${text(code)})`}`,
  readFailed: ({ what, code }) =>
    `the ${text(what)} could not be read (${text(code)}); tried again`,
  cancelAsked: () => "the service was asked to cancel the operation",
  cancelRefused: ({ code }) =>
    `the service does not cancel the operation (${text(code)}); it is followed to its end`,
  adopted: ({ by, shards }) =>
    `found again by its ${by === "list" ? "entry in the list of operations" : text(by)}${shards === undefined ? "" : `, ${text(shards)} shards`}`,
  shardsAppeared: ({ shards }) => `missing shards have come, ${text(shards)} in all`,
  graceOver: ({ shards }) => `no more shards came, ${text(shards)} in all`,
  undecided: ({ shards }) =>
    `nothing more was found, ${text(shards)} shards: a person must decide whether to submit it again`,
  givenUp: ({ by }) => `given up, by ${text(by)}`,
  ended: ({ state, counts, malformed }) =>
    `ended as ${text(state)}: ${countsOf(counts)}${malformed === undefined ? "" : `, ${text(malformed)} shards or responses unreadable`}`,
};

/** What a person who watches a run must not miss of a chunk. */
export const notableEvents: ReadonlySet<string> = new Set([
  ...["rejected", "submitUnknown", "submitInterrupted", "operationLost", "readFailed"],
  ...["cancelAsked", "cancelRefused", "adopted", "graceOver", "undecided", "givenUp"],
]);

/** What happened, in words. */
export function describeEvent({ type, data = {} }: Pick<EventRecord, "type" | "data">): string {
  return meanings[type]?.(data) ?? [type, text(data)].filter((part) => part !== "{}").join(" ");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === "string" ? `: ${message}` : "";
}

function countsOf(counts: unknown): string {
  const entries = Object.entries((counts ?? {}) as Record<string, number>);
  return entries.map(([status, count]) => `${count} ${status}`).join(", ");
}
