import { VisionBatchError } from "./vision-batch-error.ts";

/** A shard of results cannot be read: it is cut off, no JSON, too large, or not of the expected form. */
export class ShardError extends VisionBatchError {
  override readonly name = "ShardError";
  /** The shard, e.g. `gs://bucket/prefix/output-1-to-20.json`. */
  readonly uri: string;
  /** Where the fault is, counted in bytes of the uncompressed shard, where that is known. */
  declare readonly byteOffset?: number;

  constructor(
    problem: string,
    fields: { readonly uri: string; readonly byteOffset?: number | undefined },
    options?: ErrorOptions,
  ) {
    const place = fields.byteOffset === undefined ? "" : ` at byte ${fields.byteOffset}`;
    super(`${fields.uri} cannot be read${place}: ${problem}`, options);
    this.uri = fields.uri;
    if (fields.byteOffset !== undefined) this.byteOffset = fields.byteOffset;
  }
}

/** The statuses of a set of results do not add up to its inputs: some were counted twice or not at all. */
export class ResultCountError extends VisionBatchError {
  override readonly name = "ResultCountError";
  /** The inputs. */
  readonly expected: number;
  /** The inputs that were counted under a status. */
  readonly counted: number;

  constructor(expected: number, counted: number) {
    const difference = counted - expected;
    const sign = difference > 0 ? "+" : "";
    super(`${counted} results were counted for ${expected} inputs (${sign}${difference})`);
    this.expected = expected;
    this.counted = counted;
  }

  /** Results counted beyond the inputs; negative where some are lacking. */
  get difference(): number {
    return this.counted - this.expected;
  }
}

/** A read mask names what no response has; nothing was read. */
export class ReadMaskError extends VisionBatchError {
  override readonly name = "ReadMaskError";
  /** The path that is wrong, as it was given. */
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`readMask ${JSON.stringify(path)}: ${problem}`);
    this.path = path;
  }
}

/** Records cannot be given in the order of the inputs within the memory that they may take. */
export class InputOrderError extends VisionBatchError {
  override readonly name = "InputOrderError";
  /** The input that was waited for. */
  readonly index: number;

  constructor(index: number, maxReorderBytes: number) {
    super(
      `while input ${index} was waited for, later results exceeded maxReorderBytes ${maxReorderBytes}: allow more or mask more; the order "arrival" waits for less`,
    );
    this.index = index;
  }
}

/** A cursor cannot be gone on from: it is damaged, or of another reading. Begin anew without it. */
export class CursorError extends VisionBatchError {
  override readonly name = "CursorError";
}
