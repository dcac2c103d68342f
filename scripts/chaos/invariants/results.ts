import { isDeepStrictEqual } from "node:util";
import { codeNumbers } from "../../../src/errors/index.ts";
import type { RunResultRecord } from "../../../src/index.ts";
import type { ChunkEvidence, Evidence } from "../evidence.ts";
import type { Violation } from "../violation.ts";
import type { WrittenOutput } from "../written-output.ts";
import { placesOf } from "./inputs.ts";

/** The results are what the emulator wrote: nothing that is there is lost, nothing else is told. */
export function checkResults(evidence: Evidence): readonly Violation[] {
  const places = placesOf(evidence.chunks);
  const accepted = new Set(evidence.submits.flatMap(({ outputPrefixes }) => outputPrefixes));
  const problems = evidence.records.flatMap((record): Violation[] => {
    const found = places.get(record.index);
    const prefix = found?.chunk.attempts.at(-1)?.prefix;
    const written = prefix === undefined ? undefined : evidence.written.get(prefix);
    const message = judge(record, {
      ...{ written, place: found?.place ?? -1, isGivenUp: isGivenUp(found?.chunk) },
      wasSent: found?.chunk.attempts.some((attempt) => accepted.has(attempt.prefix)) === true,
    });
    if (message === undefined) return [];
    const chunk = found?.chunk.chunk.number;
    const violation = { invariant: "results are what the service wrote", message };
    return [chunk === undefined ? violation : { ...violation, chunk }];
  });
  return firstOfEach(problems);
}

interface Known {
  readonly written: WrittenOutput | undefined;
  readonly place: number;
  readonly isGivenUp: boolean;
  readonly wasSent: boolean;
}

function judge(record: RunResultRecord, known: Known): string | undefined {
  const { written, place, isGivenUp, wasSent } = known;
  const response = written?.responses.get(place);
  const told = JSON.stringify(record);
  switch (record.status) {
    case "notSubmitted":
      return wasSent ? `${told}, and yet its chunk was accepted` : undefined;
    case "missing":
      // What is written after a chunk was given up comes too late.
      return response === undefined || isGivenUp ? undefined : `${told}, and yet it is there`;
    default: {
      if (written?.cut.has(place) === true) return undefined;
      const expected = toRecord(response);
      const { status, uri } = record;
      const got = {
        ...{ status, uri },
        labels: "response" in record ? labelsOf(record.response.labelAnnotations) : undefined,
        code: "error" in record ? codeNumbers[record.error.code] : undefined,
      };
      if (isDeepStrictEqual(got, expected)) return undefined;
      return `${told}, but ${JSON.stringify(response)} was written`;
    }
  }
}

interface Written {
  readonly context?: { readonly uri?: string };
  readonly labelAnnotations?: readonly {
    readonly description?: string | undefined;
    readonly score?: number | undefined;
  }[];
  readonly error?: { readonly code: number };
}

/** What a response as it was written must be told of as. */
function toRecord(response: unknown): object {
  const { context, labelAnnotations, error } = (response ?? {}) as Written;
  const annotated = labelAnnotations === undefined ? "failed" : "partial";
  return {
    status: error === undefined ? "succeeded" : annotated,
    uri: context?.uri,
    labels: labelsOf(labelAnnotations),
    code: error?.code,
  };
}

function labelsOf(labels: Written["labelAnnotations"]): readonly unknown[] | undefined {
  return labels?.map(({ description, score }) => ({ description, score }));
}

function isGivenUp(chunk: ChunkEvidence | undefined): boolean {
  return chunk?.events.some(({ type }) => type === "givenUp") === true;
}

/** One of each chunk is enough to see what is wrong. */
function firstOfEach(problems: readonly Violation[]): readonly Violation[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.chunk, problem])).values()];
}
