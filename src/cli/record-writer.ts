import type { ApiVersion } from "../protocol/api-version.ts";
import { recordError } from "../results/export/record-error.ts";
import type { ResultRecord, ResultStatus } from "../results/index.ts";
import type { RecordOutput } from "./record-output.ts";
import { toSafeJson } from "./render/escape.ts";
import type { Shortfall } from "./render/summary.ts";

/** A record of results, of a run or not. */
export type AnyRecord = ResultRecord<ApiVersion> & { readonly customId?: string };

/** A document whose pages are being written. */
interface OpenDocument {
  readonly index: number;
  readonly input: string;
  readonly statuses: Set<ResultStatus>;
  reason: string | undefined;
}

const shortfallsKept = 10;

/**
 * Writes records as NDJSON, one line for each input. The line of a document holds its pages and is
 * written page by page, so that a long one needs no more memory than a short one; its status, which
 * is known last, stands last. Without an output it only counts.
 */
export class RecordWriter {
  /** The first inputs without a complete result. */
  readonly shortfalls: Shortfall[] = [];
  shortfallCount = 0;
  /** Inputs whose line is complete. */
  inputs = 0;
  readonly #output: RecordOutput | undefined;
  readonly #nameOf: (record: AnyRecord) => string | undefined;
  #document: OpenDocument | undefined;

  /** @param nameOf what the user called the input, where that is known. */
  constructor(output: RecordOutput | undefined, nameOf: (record: AnyRecord) => string | undefined) {
    this.#output = output;
    this.#nameOf = nameOf;
  }

  /** Writes a record; those of one document must come together. */
  async write(record: AnyRecord): Promise<void> {
    const { index, uri, status } = record;
    if (record.page !== undefined) return this.#writePage(record, record.page);
    await this.end();
    const input = this.#nameOf(record);
    this.#note(input ?? uri, status, reasonOf(record));
    if (this.#output === undefined) return;
    const { response, error } = plain(record);
    await this.#output.write(`${toSafeJson({ index, input, uri, status, error, response })}\n`);
  }

  /** Ends the line of a document. */
  async end(): Promise<void> {
    const document = this.#document;
    if (document === undefined) return;
    this.#document = undefined;
    const [first = "missing"] = document.statuses;
    const status = document.statuses.size === 1 ? first : "partial";
    this.#note(document.input, status, document.reason);
    await this.#output?.write(`],"status":"${status}"}\n`);
  }

  async #writePage(record: AnyRecord, page: number): Promise<void> {
    const { index, uri, status } = record;
    const isNew = this.#document?.index !== index;
    if (isNew) await this.end();
    const input = this.#nameOf(record);
    this.#document ??= { index, input: input ?? uri, statuses: new Set(), reason: undefined };
    this.#document.statuses.add(status);
    this.#document.reason ??= pageReason(record, page);
    if (this.#output === undefined) return;
    const { response, error } = plain(record);
    const start = isNew ? `${toSafeJson({ index, input, uri }).slice(0, -1)},"pages":[` : ",";
    await this.#output.write(start + toSafeJson({ page, status, error, response }));
  }

  #note(input: string, status: ResultStatus, reason: string | undefined): void {
    this.inputs++;
    if (status === "succeeded") return;
    this.shortfallCount++;
    if (this.shortfalls.length >= shortfallsKept) return;
    this.shortfalls.push({ input, reason: reason ?? status });
  }
}

function pageReason(record: AnyRecord, page: number): string | undefined {
  const reason = reasonOf(record);
  return reason === undefined ? undefined : `page ${page}: ${reason}`;
}

function reasonOf(record: AnyRecord): string | undefined {
  switch (record.status) {
    case "succeeded":
      return undefined;
    case "partial":
    case "failed":
      return `${record.error.code}: ${record.error.message}`;
    case "missing":
      return `no result${record.error === undefined ? "" : `: ${record.error.message}`}`;
    case "notSubmitted":
      return `not submitted${record.error === undefined ? "" : `: ${record.error.message}`}`;
  }
}

/** What a record holds beside its place, as JSON; both are undefined where it has none. */
function plain(record: AnyRecord): { readonly response: unknown; readonly error: unknown } {
  const response = "response" in record ? record.response : undefined;
  return { response, error: recordError(record) };
}
