export type { PageAssets } from "./page-assets.ts";
export { PictureMaker, type Pictures, type PictureSizes } from "./pictures.ts";
export { readNdjson, type NdjsonRecord } from "./read-ndjson.ts";
export { RecordPictures, type NamedRecord, type RecordPicturesOptions } from "./record-pictures.ts";
export type { ReportSummary, RunFacts } from "./report-data.ts";
export { writeReport, type ReportOptions } from "./write-report.ts";
