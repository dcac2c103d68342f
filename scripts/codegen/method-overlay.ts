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
 * Asynchronous methods that the REST discovery documents of v1p1beta1 and v1p2beta1 have and their
 * protos do not: images and files, each plain, under a project and under a location.
 */
export const restOnlyMethods: readonly {
  readonly version: string;
  /** The version whose method of the same name lends its request, response and metadata types. */
  readonly typesOf: string;
  readonly methods: readonly ("AsyncBatchAnnotateImages" | "AsyncBatchAnnotateFiles")[];
}[] = [
  {
    version: "v1p1beta1",
    typesOf: "v1",
    methods: ["AsyncBatchAnnotateImages", "AsyncBatchAnnotateFiles"],
  },
  { version: "v1p2beta1", typesOf: "v1", methods: ["AsyncBatchAnnotateImages"] },
];

/** REST bindings under projects and locations that v1p2beta1's discovery document has for its proto's methods. */
export const restOnlyParents: readonly { readonly version: string; readonly method: string }[] = [
  { version: "v1p1beta1", method: "BatchAnnotateImages" },
  { version: "v1p2beta1", method: "BatchAnnotateImages" },
  { version: "v1p2beta1", method: "AsyncBatchAnnotateFiles" },
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
        // The listed collection is named by its parent, as in `projects/p`.
        return [
          { verb: "get", path: `/v1/{name=${form.replace(/\/operations$/, "")}}/operations` },
        ];
      default:
        return [];
    }
  });
}
