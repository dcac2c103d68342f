/** An HTTP binding in the form of `google.api.HttpRule`. */
export interface HttpBinding {
  readonly verb: "get" | "post" | "delete" | "put" | "patch";
  /** The path template, e.g. `/v1/{parent=projects/*}/images:annotate`. */
  readonly path: string;
  /** `*` where the request is the body. */
  readonly body?: string;
}

/**
 * HTTP bindings of google.longrunning.Operations that operations.proto does not have: it binds
 * `operations/**` only, and Vision names its operations under projects and locations as well.
 * Source: the REST discovery document of Vision v1 for `get` of `projects.operations`,
 * `projects.locations.operations` and `locations.operations`; `list`, `cancel` and `delete` of these
 * names are not in it and follow google.longrunning's own pattern.
 */
export const operationNameForms: readonly string[] = [
  "projects/*/operations",
  "projects/*/locations/*/operations",
  "locations/*/operations",
];

/**
 * Versions whose REST discovery documents have more than their protos: all four batch methods, each
 * plain, under a project and under a location, with the messages of v1 (`parent`, `labels`, product
 * search, located objects). Source: vision-v1p1beta1.json and vision-v1p2beta1.json of the discovery
 * documents.
 */
export const restVersions: readonly string[] = ["v1p1beta1", "v1p2beta1"];

/** The version that lends its messages to REST calls of {@link restVersions}. */
export const lendingVersion = "v1";

/** The batch methods, which {@link restVersions} have over REST. */
export const batchMethods: readonly string[] = [
  "BatchAnnotateImages",
  "BatchAnnotateFiles",
  "AsyncBatchAnnotateImages",
  "AsyncBatchAnnotateFiles",
];

/** The bindings of a batch method in REST discovery: plain, under a project and under a location. */
export function batchBindings(version: string, method: string): HttpBinding[] {
  const collection = method.endsWith("Images") ? "images" : "files";
  const verb = method.startsWith("Async") ? "asyncBatchAnnotate" : "annotate";
  return ["", "{parent=projects/*/locations/*}/", "{parent=projects/*}/"].map((parent) => ({
    verb: "post",
    path: `/${version}/${parent}${collection}:${verb}`,
    body: "*",
  }));
}

/** The bindings of an Operations method for the name forms that the proto lacks. */
export function operationBindings(method: string): HttpBinding[] {
  return operationNameForms.flatMap((form): HttpBinding[] => {
    const name = `{name=${form}/*}`;
    switch (method) {
      case "GetOperation":
        return [{ verb: "get", path: `/v1/${name}` }];
      case "DeleteOperation":
        return [{ verb: "delete", path: `/v1/${name}` }];
      case "CancelOperation":
        return [{ verb: "post", path: `/v1/${name}:cancel`, body: "*" }];
      case "WaitOperation":
        return [];
      case "ListOperations":
        // The collection is named by its parent, as in `projects/p`, or by itself: one URL for both.
        return [
          { verb: "get", path: `/v1/{name=${form.replace(/\/operations$/, "")}}/operations` },
          { verb: "get", path: `/v1/{name=${form}}` },
        ];
      default:
        return [];
    }
  });
}
