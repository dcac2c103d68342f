import { JsonDecodeError } from "../../errors/index.ts";
import { apiVersions, type ApiVersion } from "../../protocol/api-version.ts";
import { loadJsonCodec, loadJsonTables } from "../../protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../../protocol/json/type-registry.ts";
import type { PlainJson } from "../plain-json.ts";
import { invalidArgument } from "../service-error.ts";
import { unknownFields } from "./unknown-fields.ts";

/**
 * Reads a request from proto3 JSON as the service does; an unknown name of an enum is kept for the
 * validation of the method to refuse.
 * @throws ServiceError INVALID_ARGUMENT for a value of another type, or a field that there is not.
 */
export async function readRequest(typeName: string, json: PlainJson): Promise<PlainJson> {
  const version = versionOf(typeName);
  const codec = await loadJsonCodec(version);
  const request = decode(() => codec.fromJson(typeName, json, { enums: "name" }));
  const registry = createTypeRegistry(await loadJsonTables(version));
  const unknown = unknownFields(registry, typeName, request);
  if (unknown.length > 0) {
    throw invalidArgument(
      unknown.map(({ path, name }) => ({
        field: path,
        description:
          `Invalid JSON payload received. Unknown name ${JSON.stringify(name)}` +
          `${path === "" ? "" : ` at '${path}'`}: Cannot find field.`,
      })),
    );
  }
  return request;
}

function decode(read: () => PlainJson): PlainJson {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonDecodeError)) throw error;
    throw invalidArgument([
      { field: error.path, description: `Invalid JSON payload received. ${error.message}` },
    ]);
  }
}

/** google.longrunning is in every codec. */
function versionOf(typeName: string): ApiVersion {
  return apiVersions.find((version) => typeName.includes(`.${version}.`)) ?? "v1";
}
