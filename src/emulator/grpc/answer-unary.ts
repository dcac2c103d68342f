import { setImmediate as nextTurn } from "node:timers/promises";
import { Metadata, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { codeNumbers } from "../../errors/index.ts";
import type { CallDispatcher } from "../call-dispatcher.ts";
import type { EmulatedMethod } from "../emulated-call.ts";
import type { PlainJson } from "../plain-json.ts";
import { statusOf, statusToJson, type ServiceStatus } from "../service-error.ts";
import type { Connections } from "./connections.ts";
import type { WireForm } from "./wire-form.ts";

/** The callback of a unary handler. */
export type UnaryCallback = sendUnaryData<PlainJson>;

interface UnaryParts {
  readonly call: ServerUnaryCall<PlainJson, PlainJson>;
  readonly callback: UnaryCallback;
  readonly method: EmulatedMethod;
  readonly dispatcher: CallDispatcher;
  readonly connections: Connections;
  readonly wire: WireForm;
  readonly definition: PackageDefinition;
}

/** Answers one unary call: with a response, a status with its details, or a dropped connection; never rejects. */
export async function answerUnary(parts: UnaryParts): Promise<void> {
  try {
    await answer(parts);
  } catch (error) {
    // Such as the details of a fault that are not what their type says.
    const { code, message } = statusOf(error);
    parts.callback({ code: codeNumbers[code], details: message });
  }
}

async function answer(parts: UnaryParts): Promise<void> {
  const { call, callback, method, dispatcher, wire } = parts;
  const gone = new AbortController();
  call.once("cancelled", () => gone.abort(new Error("the caller cancelled")));
  const outcome = await dispatcher.dispatch({
    ...method,
    transport: "grpc",
    request: wire.toJson(method.entry.requestType, call.request),
    signal: gone.signal,
  });
  if ("status" in outcome) {
    const { code, message } = outcome.status;
    callback({
      code: codeNumbers[code],
      details: message,
      metadata: trailers(parts, outcome.status),
    });
  } else if ("response" in outcome) {
    callback(null, wire.fromJson(method.entry.responseType, outcome.response));
    if (outcome.drop !== undefined) await parts.connections.dropWhenQuiet(call.getPeer());
  } else {
    await dropConnection(parts, outcome.drop);
  }
}

async function dropConnection(
  { call, connections }: UnaryParts,
  moment: "beforeHeaders" | "afterHeaders",
): Promise<void> {
  if (moment === "afterHeaders") {
    call.sendMetadata(new Metadata());
    // HTTP/2 writes the headers in a later turn; a reset before that would take them along.
    await nextTurn();
    await nextTurn();
  }
  connections.drop(call.getPeer());
}

function trailers({ definition, wire }: UnaryParts, status: ServiceStatus): Metadata {
  const metadata = new Metadata();
  if ((status.details ?? []).length > 0) {
    const type = definition["google.rpc.Status"] as MessageTypeDefinition<object, object>;
    const message = wire.fromJson("google.rpc.Status", statusToJson(status));
    metadata.set("grpc-status-details-bin", type.serialize(message));
  }
  return metadata;
}
