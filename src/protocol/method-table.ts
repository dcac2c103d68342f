import { methodTables } from "../../generated/index.ts";
import { Operations } from "../../generated/methods/longrunning.ts";
import { apiVersions, type ApiVersion } from "./api-version.ts";

/** An HTTP binding of a method, in the form of `google.api.HttpRule`. */
export interface HttpBinding {
  readonly verb: "get" | "post" | "put" | "patch" | "delete";
  /** The path template, e.g. `/v1/{parent=projects/*}/images:annotate`. */
  readonly path: string;
  /** `*` where the whole request is the body, a field name where that field is. */
  readonly body?: string;
}

/** How the service is called. */
export type TransportName = "grpc" | "rest";

/** The full names of the messages of a method. */
export interface MethodMessages {
  readonly requestType: string;
  readonly responseType: string;
}

/** What is known of a method from the descriptors and the overlay. */
export interface MethodEntry {
  readonly name: string;
  /** The full name of the service, e.g. `google.cloud.vision.v1.ImageAnnotator`. */
  readonly service: string;
  /** The gRPC path; absent for a method that REST alone has. */
  readonly path?: string;
  readonly requestType: string;
  readonly responseType: string;
  /** What its operation ends in and reports, for a long-running method. */
  readonly operation?: { readonly responseType: string; readonly metadataType: string };
  /** The messages over REST, where they are others than over gRPC. */
  readonly rest?: MethodMessages;
  readonly http: readonly HttpBinding[];
}

/** What is known of a service from the descriptors. */
export interface ServiceEntry {
  readonly name: string;
  readonly defaultHost: string;
  readonly scopes: readonly string[];
  readonly methods: Readonly<Record<string, MethodEntry>>;
}

/** The services of one API version; some have no ProductSearch. */
export interface VersionServices {
  readonly ImageAnnotator: ServiceEntry;
  readonly ProductSearch?: ServiceEntry;
}

/** google.longrunning.Operations, the same for every version; it is served by Vision's own host. */
export const operationsService: ServiceEntry = Operations;

/** The messages of a method over a transport. */
export function messagesOver(method: MethodEntry, transport: TransportName): MethodMessages {
  return (transport === "rest" ? method.rest : undefined) ?? method;
}

/** The API version that a message is of, by its full name; undefined for those that all versions share. */
export function versionOfType(typeName: string): ApiVersion | undefined {
  return apiVersions.find((version) => typeName.startsWith(`google.cloud.vision.${version}.`));
}

/** Loads the method table of one API version. */
export function loadServices(version: ApiVersion): Promise<VersionServices> {
  return methodTables[version]();
}
