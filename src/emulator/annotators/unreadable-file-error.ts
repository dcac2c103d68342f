import { VisionBatchError, type Code } from "../../errors/index.ts";

/** An image or a file cannot be read; `code` and the message are what the service's status would carry. */
export class UnreadableFileError extends VisionBatchError {
  override readonly name = "UnreadableFileError";
  readonly code: Code;

  constructor(message: string, code: Code = "INVALID_ARGUMENT", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
