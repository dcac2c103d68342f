import { join } from "node:path";

/** The root of the repository. */
export const root = join(import.meta.dirname, "../..");

/** The API versions; one more version is one more word here. */
export const versions = ["v1", "v1p1beta1", "v1p2beta1", "v1p3beta1", "v1p4beta1"] as const;

/** A pinned npm package that holds .proto files. */
export interface ProtoPackage {
  readonly name: string;
  /** The folder of the package that import paths start from. */
  readonly folder: string;
  /** Import paths that are taken from this package. */
  readonly holds: RegExp;
}

/** Where each .proto file comes from. google/protobuf is not listed: buf and protobufjs bring it. */
export const protoPackages: readonly ProtoPackage[] = [
  { name: "@google-cloud/vision", folder: "build/protos", holds: /^google\/cloud\// },
  { name: "google-gax", folder: "build/protos", holds: /^google\/(api|rpc|type|longrunning)\// },
];

/** Folders whose .proto files are all wanted, and files wanted beside them; imports follow. */
export const wantedFolders: readonly string[] = versions.map(
  (version) => `google/cloud/vision/${version}/`,
);
export const wantedFiles: readonly string[] = [
  "google/longrunning/operations.proto",
  "google/rpc/status.proto",
  "google/rpc/error_details.proto",
  "google/rpc/code.proto",
];
