import type { ErrorData } from "./dashboard-data.ts";

/** An error as it is shown: never its stack. */
export function toErrorData(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  return errorDataOf({ ...(error as object), name, message });
}

/** The same of an error as its `toJSON` tells it. */
export function errorDataOf(json: Readonly<Record<string, unknown>>): ErrorData {
  const { name, message, code, reason } = json;
  const told = code ?? reason;
  return {
    name: typeof name === "string" ? name : "Error",
    message: typeof message === "string" ? message : JSON.stringify(json),
    ...(typeof told === "string" ? { code: told } : {}),
  };
}
