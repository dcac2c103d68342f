import { computed, signal } from "@preact/signals";
import { chunkStateNames, type ChunkStateName } from "../../src/dashboard/dashboard-data.ts";

/** What the address names. */
export type Route =
  | { readonly view: "runs" }
  | { readonly view: "workers" }
  | { readonly view: "run"; readonly run: string; readonly states: readonly ChunkStateName[] }
  | { readonly view: "chunk"; readonly run: string; readonly chunk: number }
  | { readonly view: "nowhere" };

const hash = signal(location.hash);

/** What is looked at. */
export const route = computed<Route>(() => parse(hash.value));

/** The run that is looked at, alone or by one of its chunks. */
export const routeRun = computed(() => ("run" in route.value ? route.value.run : undefined));

/** The address without what is chosen of a view: another one is another view. */
export const place = computed(() => hash.value.split("?")[0] ?? "");

/** Follows the address. */
export function followAddress(): void {
  addEventListener("hashchange", () => {
    hash.value = location.hash;
  });
}

/** Where all runs are. */
export const runsLink = "#/";
/** Where the workers are. */
export const workersLink = "#/workers";

/** Where a run is, with its chunks in some states. */
export function runLink(run: string, states: readonly ChunkStateName[] = []): string {
  const filter = states.length === 0 ? "" : `?state=${states.join(",")}`;
  return `#/runs/${encodeURIComponent(run)}${filter}`;
}

/** Where a chunk is. */
export function chunkLink(run: string, chunk: number): string {
  return `${runLink(run)}/chunks/${chunk}`;
}

/** Looks at other chunks of the run without a step back in the history for each. */
export function showStates(run: string, states: readonly ChunkStateName[]): void {
  history.replaceState(null, "", runLink(run, states));
  hash.value = location.hash;
}

/** Goes to where the view is that this one is a part of. */
export function goUp(): void {
  const { value } = route;
  if (value.view === "chunk") location.hash = runLink(value.run);
  else if (value.view !== "runs") location.hash = runsLink;
}

function parse(address: string): Route {
  const [path = "", query = ""] = address.replace(/^#?\/?/, "").split("?");
  const [first = "", name = "", part, number = "", ...rest] = path.split("/");
  if (first === "" && name === "") return { view: "runs" };
  if (first === "workers" && name === "") return { view: "workers" };
  const run = decode(name);
  if (first !== "runs" || run === "" || rest.length > 0) return { view: "nowhere" };
  if (part === undefined) return { view: "run", run, states: statesOf(query) };
  if (part !== "chunks" || !/^\d{1,9}$/.test(number)) return { view: "nowhere" };
  return { view: "chunk", run, chunk: Number(number) };
}

function statesOf(query: string): readonly ChunkStateName[] {
  const named = new URLSearchParams(query).get("state")?.split(",") ?? [];
  return chunkStateNames.filter((state) => named.includes(state));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
