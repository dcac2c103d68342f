import { VisionBatchError } from "../../errors/index.ts";

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
