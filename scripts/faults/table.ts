import { codeNumbers } from "../../src/errors/index.ts";
import type { Cell, LeftOut } from "./cell.ts";
import { breaksOf, contradicts } from "./invariants.ts";

/** The matrix as text: methods that fare alike together, and faults that come to the same in one line. */
export function renderMatrix(cells: readonly Cell[], leftOut: readonly LeftOut[]): string {
  const byMethod = Map.groupBy(cells, ({ transport, method }) => `${transport} ${method}`);
  const alike = Map.groupBy(byMethod.values(), (row) => JSON.stringify(row.map(profileOf)));
  const parts = [...alike.values()].map(renderAlike);
  const missing = leftOut.map(
    ({ transport, method, why }) => `left out: ${method} over ${transport}, ${why}`,
  );
  const footnote = cells.some(contradicts) ? [contradiction] : [];
  return [...parts, ...missing, ...footnote].join("\n\n");
}

const contradiction = `* The service answers these codes before a call takes effect; here the emulator let it take effect
  first, on purpose, to show what the outcome "rejected" is built upon.`;

const policies: Readonly<Record<Cell["policy"], string>> = {
  submit: "sent once",
  read: "free to repeat",
  poll: "asked once a poll",
};

/** What two methods must have in common to stand together. */
function profileOf({ policy, fault, seen, sent, accepted }: Cell): unknown {
  return { policy, fault, seen, sent, accepted };
}

function renderAlike(rows: readonly (readonly Cell[])[]): string {
  const cells = rows[0] ?? [];
  const [first] = cells;
  if (first === undefined) return "";
  const lines = [...Map.groupBy(cells, sameLine).values()].map(toColumns);
  const head = ["fault", "of the first call", "the caller sees", "sent", "accepted", ""];
  const title = foldWords(`${policies[first.policy]}: ${namesOf(rows)}`, 110).join("\n  ");
  return `${title}\n${alignColumns([head, ...lines])}`;
}

/** The methods, each with the transports over which it fares so. */
function namesOf(rows: readonly (readonly Cell[])[]): string {
  const firsts = rows.flatMap((row) => row.slice(0, 1));
  const overOf = [...Map.groupBy(firsts, ({ method }) => method)].map(
    ([method, cells]) => [method, cells.map(({ transport }) => transport).join(" and ")] as const,
  );
  return [...Map.groupBy(overOf, ([, over]) => over)]
    .map(([over, methods]) => `${methods.map(([method]) => method).join(", ")} over ${over}`)
    .join("; ");
}

function sameLine(cell: Cell): string {
  const { fault, sent, accepted } = cell;
  return JSON.stringify([
    fault.place,
    sawText(cell),
    sent,
    accepted,
    breaksOf(cell),
    contradicts(cell),
  ]);
}

function toColumns(cells: readonly Cell[]): readonly string[] {
  const [cell] = cells;
  if (cell === undefined) return [];
  const mark =
    contradicts(cell) && cell.seen.kind === "error"
      ? "*"
      : breaksOf(cell)
          .map((text) => `BROKEN: ${text}`)
          .join(", ");
  const codes = cells.flatMap(({ fault: { code } }) => (code === undefined ? [] : [code]));
  return [
    cell.fault.place,
    codesText(codes),
    sawText(cell),
    String(cell.sent),
    String(cell.accepted),
    mark,
  ];
}

function codesText(codes: readonly string[]): string {
  return codes.length === Object.keys(codeNumbers).length - 1 ? "every code" : codes.join(" ");
}

function sawText({ seen, fault }: Cell): string {
  if (seen.kind !== "error") return seen.kind === "ok" ? "OK" : "HANGS";
  const code =
    seen.code === fault.code && seen.code !== undefined ? "that code" : (seen.code ?? "no code");
  return [seen.name, code, ...(seen.outcome === undefined ? [] : [seen.outcome])].join(", ");
}

/** Columns side by side; a text that is too long for its column goes on below. */
function alignColumns(rows: readonly (readonly string[])[], widest = 44): string {
  const folded = rows.map((row) => row.map((text) => foldWords(text, widest)));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(
      ...folded.map((row) => Math.max(0, ...(row[column] ?? []).map((line) => line.length))),
    ),
  );
  return folded
    .flatMap((row) => {
      const height = Math.max(...row.map((lines) => lines.length));
      return Array.from({ length: height }, (_, line) =>
        `  ${row.map((lines, column) => (lines[line] ?? "").padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
      );
    })
    .join("\n");
}

/** A text in lines of whole words. */
function foldWords(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1) ?? "";
    if (last !== "" && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
