import type { ReportSummary } from "./report-data.ts";

/** Where a report is written. */
export interface ReportTarget {
  /** Keeps a picture (JPEG) and gives what the page finds it by. */
  picture(name: string, content: Uint8Array): Promise<string>;
  /** Keeps a chunk; its JSON may be embedded. */
  chunk(name: string, json: string): Promise<void>;
  /** Completes the report, which appears now. */
  end(summary: ReportSummary): Promise<void>;
  /** Leaves nothing; after the end it does nothing. */
  discard(): Promise<void>;
}
