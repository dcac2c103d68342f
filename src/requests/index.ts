export { prepareRequest } from "./prepare-request.ts";
export { defaultFilesPerRequest, splitFiles, splitImages } from "./split.ts";
