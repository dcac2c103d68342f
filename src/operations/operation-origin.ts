import { otherType } from "../telemetry/index.ts";

/** What an operation was asked to do, as far as its client knows. */
export interface OperationOrigin {
  /** The name of the method that started it, e.g. `asyncBatchAnnotateImages`. */
  readonly kind: string;
  /** How many inputs it has: images or files. */
  readonly size: number;
  /** The prefixes that its output is written to, in the order of the request. */
  readonly outputs: readonly string[];
}

/** An origin out of a token; undefined for what is none, which must not keep the operation from being found. */
export function parseOrigin(value: unknown): OperationOrigin | undefined {
  const { kind, size, outputs } = (value ?? {}) as Partial<Record<keyof OperationOrigin, unknown>>;
  const isOrigin =
    typeof kind === "string" &&
    typeof size === "number" &&
    Array.isArray(outputs) &&
    outputs.every((output) => typeof output === "string");
  return isOrigin ? { kind, size, outputs } : undefined;
}

/** The origin of an operation that a request of an annotate method started. */
export function originOf(kind: string, request: object): OperationOrigin {
  interface Output {
    readonly gcsDestination?: { readonly uri?: string };
  }
  const { requests = [], outputConfig } = request as {
    readonly requests?: readonly { readonly outputConfig?: Output }[];
    readonly outputConfig?: Output;
  };
  const outputs = new Set<string>();
  const add = (output: Output | undefined): void => {
    const uri = output?.gcsDestination?.uri;
    if (uri !== undefined) outputs.add(uri);
  };
  add(outputConfig);
  for (const each of requests) add(each.outputConfig);
  return { kind, size: requests.length, outputs: [...outputs] };
}

/**
 * What operations have in common that take alike: the method, and a size that differs by less than a factor
 * of two. Those that nobody knows the origin of have at least that in common.
 */
export function kinOf(origin: OperationOrigin | undefined): string {
  if (origin === undefined) return "";
  return `${origin.kind} ${Math.floor(Math.log2(Math.max(1, origin.size)))}`;
}

/** The methods that start operations. */
const kinds: readonly string[] = [
  ...["asyncBatchAnnotateImages", "asyncBatchAnnotateFiles"],
  ...["importProductSets", "purgeProducts"],
];

/** Which kind of operation it is, one of few: an origin may come from anywhere. */
export function kindOf(origin: OperationOrigin | undefined): string {
  return origin !== undefined && kinds.includes(origin.kind) ? origin.kind : otherType;
}
