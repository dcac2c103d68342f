import { splitFiles, splitImages } from "../../requests/index.ts";
import type { InputKind, JobInput } from "../inputs/input.ts";

/** Inputs that one request sends. */
export interface Chunk {
  /** From 0, over the whole job. */
  readonly number: number;
  readonly kind: InputKind;
  readonly inputs: readonly JobInput[];
}

/** Cuts the inputs at the limits of a request: images first, then documents. */
export function planChunks(inputs: readonly JobInput[]): readonly Chunk[] {
  const images = splitImages(inputs.filter(({ kind }) => kind === "image"));
  const documents = splitFiles(inputs.filter(({ kind }) => kind === "document"));
  const chunks = [
    ...images.map((part) => ({ kind: "image" as const, inputs: part })),
    ...documents.map((part) => ({ kind: "document" as const, inputs: part })),
  ];
  return chunks.map((chunk, number) => ({ number, ...chunk }));
}

/** Where an attempt of a chunk writes: `<output><run id>/<chunk, 6 digits>/<attempt>/`, its own for each attempt. */
export function attemptPrefix(
  { output, runId }: { readonly output: string; readonly runId: string },
  chunk: number,
  attempt: number,
): string {
  return `${output}${runId}/${String(chunk).padStart(6, "0")}/${attempt}/`;
}
