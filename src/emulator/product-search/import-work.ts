import { setImmediate as nextTurn } from "node:timers/promises";
import { maxImportLines } from "../../protocol/product-limits.ts";
import type { ProductSearchVersion } from "../../protocol/product-methods.ts";
import { sleep, type EmulatorClock } from "../emulator-clock.ts";
import type { Operation } from "../operations/operation.ts";
import type { PlainJson } from "../plain-json.ts";
import { ServiceError, statusToJson } from "../service-error.ts";
import { readSource } from "../vision/source-reader.ts";
import type { ProductSearchParts } from "./handler-parts.ts";
import { emptyDisplayName, linesOf, readImportLine } from "./import-line.ts";
import type { ReferenceImageJson } from "./product-resources.ts";
import { productName, productSetName } from "./resource-names.ts";
import { checkReadable } from "./readable-image.ts";

/** What an import needs beside the catalog. */
export interface ImportParts extends ProductSearchParts {
  readonly clock: EmulatorClock;
  readonly processingMsPerImage: number;
}

/** An accepted import. */
export interface ImportRequest {
  readonly location: string;
  readonly csvFileUri: string;
  readonly version: ProductSearchVersion;
}

/** Imports the lines of a CSV file, one after the other; a line that fails has its status, and the others go on. */
export class ImportWork {
  readonly #parts: ImportParts;
  readonly #request: ImportRequest;

  constructor(parts: ImportParts, request: ImportRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  /** Answers the fields of ImportProductSetsResponse. @throws ServiceError for a file that cannot be read. */
  async run(operation: Operation): Promise<PlainJson> {
    const { signal } = operation;
    const referenceImages: ReferenceImageJson[] = [];
    const statuses: PlainJson[] = [];
    for (const line of await this.#lines(signal)) {
      await nextTurn();
      await sleep(this.#parts.clock, this.#parts.processingMsPerImage, signal);
      try {
        referenceImages.push(await this.#import(line, signal));
        statuses.push({});
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        const { code, message } = error;
        statuses.push(statusToJson({ code, message }));
      }
    }
    if (referenceImages.length === 0) operation.markFruitless();
    return { referenceImages, statuses };
  }

  async #lines(signal: AbortSignal): Promise<readonly string[]> {
    const { csvFileUri } = this.#request;
    const bytes = await readSource(this.#parts.store, csvFileUri, { kind: "file", signal });
    const lines = linesOf(new TextDecoder().decode(bytes));
    if (lines.length <= maxImportLines) return lines;
    throw new ServiceError({
      code: "INVALID_ARGUMENT",
      message: `The CSV file has ${lines.length} lines; the limit is ${maxImportLines}.`,
    });
  }

  async #import(line: string, signal: AbortSignal): Promise<ReferenceImageJson> {
    const { catalog, store } = this.#parts;
    const { location, version } = this.#request;
    const { image, imageId, productSetId, productId, product } = readImportLine(line, version);
    await checkReadable(store, image, signal);
    signal.throwIfAborted();
    const set = productSetName(location, productSetId);
    const name = productName(location, productId);
    if (!catalog.hasProductSet(set)) {
      catalog.createProductSet(location, productSetId, emptyDisplayName);
    }
    if (!catalog.hasProduct(name)) catalog.createProduct(location, productId, product);
    catalog.addToProductSet(set, name);
    return catalog.createReferenceImage(name, imageId, image);
  }
}
