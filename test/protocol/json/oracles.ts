import { execFileSync } from "node:child_process";
import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  createFileRegistry,
  createRegistry,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type JsonValue as EsJsonValue,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import protobufjs from "protobufjs";
import { fromProto3JSON, toProto3JSON } from "proto3-json-serializer";

/** Another implementation of proto3 JSON. */
export interface Oracle {
  /** JSON to the wire. */
  encode(typeName: string, json: unknown): Uint8Array;
  /** The wire to JSON. */
  decode(typeName: string, bytes: Uint8Array): unknown;
}

const root = join(import.meta.dirname, "../../..");
const protos = join(root, "protos");

/** protobuf-es, over the descriptors that buf makes of the .proto files. */
export function createBufbuildOracle(): Oracle {
  const image = execFileSync("buf", ["build", protos, "--as-file-descriptor-set", "-o", "-"], {
    maxBuffer: 2 ** 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const files = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  const registry = createRegistry(files);
  const schema = (typeName: string): DescMessage => {
    const found = registry.getMessage(typeName);
    if (found === undefined) throw new Error(`the image lacks ${typeName}`);
    return found;
  };
  return {
    encode: (typeName, json) =>
      toBinary(schema(typeName), fromJson(schema(typeName), json as EsJsonValue, { registry })),
    decode: (typeName, bytes) =>
      toJson(schema(typeName), fromBinary(schema(typeName), bytes), { registry }),
  };
}

/** protobufjs and Google's serializer for it, over the .proto files. */
export function createProtobufjsOracle(): Oracle {
  const bundled = dirname(createRequire(import.meta.url).resolve("protobufjs/package.json"));
  const types = new protobufjs.Root();
  types.resolvePath = (_origin, target) =>
    target.startsWith("google/protobuf/") ? join(bundled, target) : join(protos, target);
  types.loadSync(globSync("google/{cloud,rpc,longrunning,type}/**/*.proto", { cwd: protos }));
  types.resolveAll();
  return {
    encode: (typeName, json) => {
      const type = types.lookupType(typeName);
      const message = fromProto3JSON(type, json as never);
      if (message === null) throw new Error(`the serializer reads no ${typeName}`);
      return type.encode(message).finish();
    },
    // A Buffer, for of a plain Uint8Array the serializer writes the wrong bytes.
    decode: (typeName, bytes) =>
      toProto3JSON(types.lookupType(typeName).decode(Buffer.from(bytes))),
  };
}
