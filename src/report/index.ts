export type { NamedRecord } from "./named-record.ts";
export type { PageAssets } from "./page-assets.ts";
export { PictureMaker, type Pictures, type PictureSizes } from "./pictures.ts";
export { readNdjson } from "./read-ndjson.ts";
export { RecordPictures, type RecordPicturesOptions } from "./record-pictures.ts";
export type { CostFacts, ItemStatus, ReportSummary, RunFacts } from "./report-data.ts";
export { readRunFacts, type ReportedRun } from "./run-facts.ts";
export { writeReport, type ReportOptions } from "./write-report.ts";
