import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MessageTypeDefinition, Options, PackageDefinition } from "@grpc/proto-loader";
import { loadOptional, VisionBatchError } from "../../errors/index.ts";
import { apiVersions } from "../../protocol/api-version.ts";

const files = [
  ...apiVersions.map((version) => `google/cloud/vision/${version}/image_annotator.proto`),
  "google/longrunning/operations.proto",
  "google/rpc/status.proto",
  // Details of errors travel as Any; to write one, its type must be in the same root.
  "google/rpc/error_details.proto",
];

/**
 * Loads the services of every version into one root: messages are plain objects in proto3 JSON
 * form, but for Timestamp, Duration and Any of unknown types (see `wire-form.ts`).
 */
export function loadProtoFiles(): Promise<PackageDefinition> {
  return loadWith({
    keepCase: false,
    enums: String,
    longs: String,
    bytes: String,
    defaults: false,
    json: true,
  });
}

/** The descriptors of the same files, one a package, with the names of fields as the protos have them. */
export async function loadFileDescriptors(): Promise<readonly Uint8Array[]> {
  const definition = await loadWith({ keepCase: true });
  // Every message carries the files of the whole root.
  const { "google.longrunning.Operation": message } = definition;
  return (message as MessageTypeDefinition<object, object>).fileDescriptorProtos;
}

const loaded = new Map<string, Promise<PackageDefinition>>();

/** Parsing takes most of the time of a start, and the files do not change: once a process is enough. */
function loadWith(options: Options): Promise<PackageDefinition> {
  const key = String(options.keepCase);
  const loading = loaded.get(key) ?? load(options);
  loaded.set(key, loading);
  return loading;
}

async function load(options: Options): Promise<PackageDefinition> {
  const loader = await loadOptional(
    "@grpc/proto-loader",
    "the gRPC server of the emulator",
    () => import("@grpc/proto-loader"),
  );
  return loader.load(files, { ...options, includeDirs: [protoDirectory()] });
}

/** The sources and the build lie at different depths below the folder of the package. */
function protoDirectory(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const protos = join(folder, "protos");
    if (existsSync(join(protos, "google", "longrunning", "operations.proto"))) return protos;
    const parent = dirname(folder);
    if (parent === folder) {
      throw new VisionBatchError(
        "the folder protos/ is not there: run `npm run codegen` in the package",
      );
    }
    folder = parent;
  }
}
