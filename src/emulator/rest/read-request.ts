import type { PlainJson } from "../plain-json.ts";

export function readRequest(_typeName: string, json: PlainJson): Promise<PlainJson> {
  return Promise.resolve(json);
}
