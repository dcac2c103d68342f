import { VisionBatchError } from "./vision-batch-error.ts";

/** Where a JSON value and a message type did not fit. */
export interface JsonErrorFields {
  /** The full name of the message type that was read or written, e.g. `google.rpc.Status`. */
  readonly typeName: string;
  /** The path from there, e.g. `responses[3].fullTextAnnotation.pages[0].width`; empty for the whole. */
  readonly path: string;
}

/** JSON is not a message of the type that it was read as. */
export class JsonDecodeError extends VisionBatchError {
  override readonly name = "JsonDecodeError";
  /** The full name of the message type that was read, e.g. `google.rpc.Status`. */
  readonly typeName: string;
  /** The path from there, e.g. `responses[3].fullTextAnnotation`; empty for the whole. */
  readonly path: string;

  constructor(problem: string, fields: JsonErrorFields, options?: ErrorOptions) {
    super(`${describePlace(fields)} cannot be read from JSON: ${problem}`, options);
    this.typeName = fields.typeName;
    this.path = fields.path;
  }
}

/** A message holds what its type has no JSON for. */
export class JsonEncodeError extends VisionBatchError {
  override readonly name = "JsonEncodeError";
  /** The full name of the message type that was written, e.g. `google.rpc.Status`. */
  readonly typeName: string;
  /** The path from there, e.g. `responses[3].fullTextAnnotation`; empty for the whole. */
  readonly path: string;

  constructor(problem: string, fields: JsonErrorFields, options?: ErrorOptions) {
    super(`${describePlace(fields)} cannot be written as JSON: ${problem}`, options);
    this.typeName = fields.typeName;
    this.path = fields.path;
  }
}

function describePlace({ typeName, path }: JsonErrorFields): string {
  return path === "" ? typeName : `${path} of ${typeName}`;
}
