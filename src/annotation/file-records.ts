import type { StatusFields } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { maxPagesPerSyncFile } from "../protocol/limits.ts";
import { statusOf } from "../results/response-status.ts";
import type { AnnotatedRecord } from "./annotate-options.ts";
import { pagesBetween } from "./page-numbers.ts";
import type { RequestMaker } from "./request-maker.ts";
import {
  failedRecord,
  readResponse,
  responseRecord,
  type RecordPlace,
} from "./response-records.ts";

/** An AnnotateFileResponse message, as far as it is read here. */
export interface FileAnswer {
  readonly responses: readonly PageResponse[];
  readonly totalPages: number;
}

interface PageResponse {
  readonly context?: { readonly pageNumber: number } | undefined;
}

/** What a request about a file asked for, and where its records belong. */
export interface AskedPages<Input> {
  readonly place: RecordPlace<Input>;
  /** None where the first pages of a file of unknown length were asked for. */
  readonly pages: readonly number[];
}

/** The records of what a request about a file was answered. */
export function answeredRecords<V extends ApiVersion, Input>(
  maker: RequestMaker,
  { place, pages }: AskedPages<Input>,
  answer: FileAnswer | undefined,
): readonly AnnotatedRecord<V, Input>[] {
  if (answer === undefined) {
    return placesOf({ place, pages }).map((one) => responseRecord<V, Input>(one, undefined));
  }
  const error = errorOf(maker, answer);
  if (error !== undefined) return failedRecords({ place, pages }, error);
  const reader = { codec: maker.codec, typeName: maker.typeName("AnnotateImageResponse") };
  return withPages(pages.length === 0 ? firstPages(answer) : pages, answer.responses).map(
    ({ page, response }) =>
      responseRecord({ ...place, page }, response && readResponse<V>(reader, response)),
  );
}

/** The records of pages whose request failed; of the whole file where they are not known. */
export function failedRecords<V extends ApiVersion, Input>(
  asked: AskedPages<Input>,
  error: StatusFields,
): readonly AnnotatedRecord<V, Input>[] {
  return placesOf(asked).map((place) => failedRecord<V, Input>(place, error));
}

/**
 * The pages of a file that were not asked for yet, once its first pages are answered, as requests take
 * them. One by one: the number of pages is the word of a server, and may be any.
 */
export function* furtherPages({
  totalPages,
}: FileAnswer): Generator<readonly number[], void, undefined> {
  for (let first = maxPagesPerSyncFile + 1; first <= totalPages; first += maxPagesPerSyncFile) {
    yield pagesBetween(first, Math.min(first + maxPagesPerSyncFile - 1, totalPages));
  }
}

function firstPages({ totalPages, responses }: FileAnswer): readonly number[] {
  return pagesBetween(1, Math.min(totalPages || responses.length, maxPagesPerSyncFile));
}

function placesOf<Input>({ place, pages }: AskedPages<Input>): readonly RecordPlace<Input>[] {
  return pages.length === 0 ? [place] : pages.map((page) => ({ ...place, page: fromStart(page) }));
}

/** What a page counted from the end is, only its response can tell. */
function fromStart(page: number): number | undefined {
  return page > 0 ? page : undefined;
}

/** Responses come in the order of the pages; where some are lacking, their own numbers tell which. */
function withPages(pages: readonly number[], responses: readonly PageResponse[]) {
  const numbered = new Map(responses.map((response) => [numberOf(response), response]));
  const isWhole = responses.length === pages.length;
  return pages.map((page, index) => {
    const response = isWhole ? responses[index] : numbered.get(page);
    return { page: numberOf(response) ?? fromStart(page), response };
  });
}

function numberOf(response: PageResponse | undefined): number | undefined {
  return response?.context?.pageNumber || undefined;
}

function errorOf(maker: RequestMaker, answer: FileAnswer): StatusFields | undefined {
  const { codec } = maker;
  const json = codec.toJson(maker.typeName("AnnotateFileResponse"), { ...answer, responses: [] });
  return statusOf(json, { codec, hasMore: false }).error;
}
