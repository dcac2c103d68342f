import type { IncomingMessage, ServerResponse } from "node:http";
import { VisionBatchError } from "../../errors/index.ts";
import type { EmulatorAdmin } from "../emulator-admin.ts";
import { isPlainJson } from "../plain-json.ts";
import { pathOf } from "../request-url.ts";
import { ServiceError } from "../service-error.ts";
import { parseFaultRules } from "../faults/parse-fault-rules.ts";
import { readJsonBody } from "./read-body.ts";
import { sendJson, sendStatus } from "./rest-answer.ts";

const root = "/emulator/v1/";

type Answer = (admin: EmulatorAdmin, body: unknown) => unknown;

const endpoints: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ["GET submits", (admin) => ({ submits: admin.submits() })],
  ["GET calls", (admin) => ({ calls: admin.callCounts() })],
  ["GET operations", (admin) => ({ operations: admin.operations() })],
  ["GET faults", (admin) => ({ rules: admin.faults() })],
  ["PUT faults", (admin, body) => setFaults(admin, body)],
  ["DELETE faults", (admin) => setFaults(admin, [])],
  ["PUT hold", (admin, body) => setHold(admin, body)],
  ["POST release", (admin, body) => ({ released: admin.releaseOperation(nameIn(body)) })],
  ["POST reset", async (admin) => admin.reset().then(() => ({}))],
]);

/** Whether a path is one of the admin's. */
export function isAdminPath(path: string): boolean {
  return path.startsWith(root);
}

/** Answers `/emulator/v1/...`. */
export async function handleAdmin(
  admin: EmulatorAdmin,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = pathOf(request.url).slice(root.length);
  const answer = endpoints.get(`${request.method ?? ""} ${path}`);
  try {
    if (answer === undefined) throw unknownEndpoint(request);
    sendJson(response, await answer(admin, await readJsonBody(request)));
  } catch (error) {
    if (!(error instanceof VisionBatchError)) throw error;
    const code = error instanceof ServiceError ? error.code : "INVALID_ARGUMENT";
    sendStatus(response, { code, message: error.message });
  }
}

function setFaults(admin: EmulatorAdmin, script: unknown): unknown {
  admin.setFaults(parseFaultRules(script));
  return { rules: admin.faults() };
}

function setHold(admin: EmulatorAdmin, body: unknown): unknown {
  const hold = isPlainJson(body) ? body["hold"] : undefined;
  if (typeof hold !== "boolean")
    throw new VisionBatchError('the body is { "hold": true } or false');
  admin.holdOperations(hold);
  return { hold };
}

function nameIn(body: unknown): string | undefined {
  const name = isPlainJson(body) ? body["operationName"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function unknownEndpoint({ method = "", url = "" }: IncomingMessage): ServiceError {
  const known = [...endpoints.keys()].map((key) => key.replace(" ", ` ${root}`)).join(", ");
  return new ServiceError({
    code: "NOT_FOUND",
    message: `${method} ${url} is not an endpoint of the emulator; there are ${known}`,
  });
}
