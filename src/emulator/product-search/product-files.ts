import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { VisionBatchError } from "../../errors/index.ts";
import { pathComponents } from "../../storage/object-path.ts";
import { isPlainJson, type PlainJson } from "../plain-json.ts";
import { isNameOf, kindOfName } from "./resource-names.ts";

/** No bucket has this name, because that of a bucket begins with a letter or a digit. */
const folderName = "_product-search";

/** A resource as its file holds it. */
export interface StoredResource extends PlainJson {
  readonly name: string;
}

/**
 * Keeps each resource in a JSON file of its own below `_product-search/`, by its name:
 * `.../productSets/ID.json`, `.../products/ID/product.json` and `.../products/ID/referenceImages/ID.json`.
 * Files are written whole, in one synchronous step.
 */
export class ProductFiles {
  readonly #root: string;

  /** `directory` is that of the emulator. */
  constructor(directory: string) {
    this.#root = join(directory, folderName);
  }

  /**
   * Reads every resource that is kept; none where nothing was ever written.
   * @throws VisionBatchError for a file that is no resource.
   */
  async readAll(): Promise<readonly StoredResource[]> {
    const entries = await readdir(this.#root, { recursive: true, withFileTypes: true }).catch(
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw error;
      },
    );
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
      .map((entry) => readResource(join(entry.parentPath, entry.name)));
  }

  write(resource: StoredResource): void {
    const file = this.#fileOf(resource.name);
    const folder = dirname(file);
    const text = `${JSON.stringify(resource, undefined, 2)}\n`;
    try {
      writeWhole(folder, file, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      mkdirSync(folder, { recursive: true });
      writeWhole(folder, file, text);
    }
  }

  /** Removes a resource, and with a product its reference images. */
  remove(name: string): void {
    const file = this.#fileOf(name);
    const path = isNameOf("product", name) ? dirname(file) : file;
    rmSync(path, { recursive: true, force: true });
  }

  #fileOf(name: string): string {
    const path = isNameOf("product", name) ? `${name}/product` : name;
    return join(this.#root, ...pathComponents(`${path}.json`));
  }
}

function writeWhole(folder: string, file: string, text: string): void {
  const aside = join(folder, ".unfinished");
  writeFileSync(aside, text);
  renameSync(aside, file);
}

function readResource(file: string): StoredResource {
  const refuse = (problem: string, cause?: unknown): VisionBatchError =>
    new VisionBatchError(`${file} is no resource of Product Search: ${problem}`, { cause });
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  if (!isPlainJson(json) || typeof json["name"] !== "string") throw refuse("it has no name");
  const kind = kindOfName(json["name"]);
  if (kind === undefined || kind === "location") throw refuse(`its name is ${json["name"]}`);
  return json as StoredResource;
}
