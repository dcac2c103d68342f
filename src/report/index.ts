/**
 * Results as a page to look at: images with their boxes, text beside them, search, filters and charts, as
 * one HTML file or a folder that works from a disk. Start with {@link writeReport}. Pictures need the
 * optional package `sharp`, those of PDF pages also `@hyzyla/pdfium`.
 *
 * @module vision-batch/report
 */
export type { NamedRecord } from "./named-record.ts";
export type { PageAssets } from "./page-assets.ts";
export { PictureMaker, type Pictures, type PictureSizes } from "./pictures.ts";
export { readNdjson, type ReadNdjsonOptions } from "./read-ndjson.ts";
export { RecordPictures, type RecordPicturesOptions } from "./record-pictures.ts";
export type { CostFacts, ItemStatus, ReportSummary, RunFacts } from "./report-data.ts";
export { readRunFacts, type ReportedRun, type RunFactsOptions } from "./run-facts.ts";
export { writeReport, type ReportOptions } from "./write-report.ts";
export type { ApiVersion } from "../protocol/api-version.ts";
export type { PageSize } from "../results/document/index.ts";
export type { ResultRecord } from "../results/index.ts";
export type { PriceTable } from "../runs/index.ts";
export type { ObjectStore } from "../storage/index.ts";
