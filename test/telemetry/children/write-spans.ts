// Loaded by --import: spans of the process go to the file SPANS_FILE, one line of JSON each, as soon as they end.
import { appendFileSync } from "node:fs";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace";

/** A span as it is written. */
export interface WrittenSpan {
  readonly pid: number;
  readonly name: string;
  readonly spanId: string;
  readonly links: readonly string[];
  readonly chunk?: number;
}

const { SPANS_FILE: file = "" } = process.env;

const exporter: SpanExporter = {
  export: (spans, onResult) => {
    appendFileSync(file, spans.map((span) => `${JSON.stringify(toWritten(span))}\n`).join(""));
    onResult({ code: 0 });
  },
  shutdown: () => Promise.resolve(),
};

function toWritten(span: ReadableSpan) {
  const { name, links, attributes } = span;
  return {
    ...{ pid: process.pid, name, spanId: span.spanContext().spanId },
    links: links.map(({ context: { spanId } }) => spanId),
    chunk: attributes["vision_batch.chunk.number"],
  };
}

if (file !== "") {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors }));
}
