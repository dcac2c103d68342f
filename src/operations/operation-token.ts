import { VisionBatchError } from "../errors/index.ts";
import { parseOrigin, type OperationOrigin } from "./operation-origin.ts";

/** What another process needs to go on with an operation: plain JSON, by `JSON.stringify(handle)`. */
export interface OperationToken {
  /** Tells a token from other JSON. */
  readonly type: "vision-batch/operation";
  /** The form of the token. */
  readonly version: 1;
  /** The name of the operation, e.g. `projects/p/operations/x`. */
  readonly name: string;
  /** The host that the operation was started at; a regional host answers for its own operations only. */
  readonly host: string;
  /** What the operation was asked to do, where that is known. */
  readonly origin?: OperationOrigin;
  /** The span of its submit (W3C Trace Context), where that was recorded: who waits for the operation links to it. */
  readonly traceparent?: string;
}

/** A token for an operation. */
export function createToken(
  name: string,
  host: string,
  { origin, traceparent }: OperationCause = {},
): OperationToken {
  return {
    ...{ type: "vision-batch/operation", version: 1, name, host },
    ...(origin === undefined ? {} : { origin }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** What an operation comes from, as far as that is known. */
export interface OperationCause {
  readonly origin?: OperationOrigin | undefined;
  /** The span of its submit. */
  readonly traceparent?: string | undefined;
}

const nameForm = /^(?:projects\/[^/\s]+\/)?(?:locations\/[^/\s]+\/)?operations\/[^/\s]+$/;

/**
 * Reads an operation name, a token, or a token's JSON text.
 * @throws VisionBatchError for anything else, and for a token of a newer form.
 */
export function parseOperationReference(
  reference: string | OperationToken,
): OperationCause & { readonly name: string; readonly host?: string } {
  const parsed = typeof reference === "string" ? parseText(reference.trim()) : reference;
  if (typeof parsed === "string") return { name: checkName(parsed) };
  // Plain JavaScript may pass anything.
  const token = (parsed ?? {}) as Partial<Record<keyof OperationToken, unknown>>;
  const { type, version, name, host } = token;
  if (type !== "vision-batch/operation" || typeof name !== "string") {
    throw new VisionBatchError("this is neither an operation name nor a token of an operation");
  }
  if (version !== 1) {
    throw new VisionBatchError(
      `the token of operation ${name} has the form ${String(version)}, this release reads form 1: update vision-batch`,
    );
  }
  const origin = parseOrigin(token.origin);
  const { traceparent } = token;
  return {
    name: checkName(name),
    ...(typeof host === "string" ? { host } : {}),
    ...(origin === undefined ? {} : { origin }),
    ...(typeof traceparent === "string" ? { traceparent } : {}),
  };
}

function parseText(text: string): unknown {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new VisionBatchError("the token of the operation is no JSON", { cause });
  }
}

function checkName(name: string): string {
  if (nameForm.test(name)) return name;
  throw new VisionBatchError(
    `"${name.slice(0, 200)}" is not the name of an operation, such as projects/p/operations/x`,
  );
}
