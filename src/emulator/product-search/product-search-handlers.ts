import { textOf } from "../plain-json.ts";
import type { CallHandler, EmulatedCall } from "../emulated-call.ts";
import { acceptSubmit, type SubmitParts } from "../operations/accept-submit.ts";
import type { Violations } from "../vision/violations.ts";
import { checkId, checkName } from "./check-product-fields.ts";
import { checked, messageOf, versionOf } from "./handler-parts.ts";
import { ImportWork, type ImportParts, type ImportRequest } from "./import-work.ts";
import { membershipHandlers } from "./membership-handlers.ts";
import { productHandlers } from "./product-handlers.ts";
import { productSetHandlers } from "./product-set-handlers.ts";
import { purgeProducts, type PurgeRequest } from "./purge-work.ts";
import { referenceImageHandlers } from "./reference-image-handlers.ts";

/** The handlers of google.cloud.vision ProductSearch, by method name. */
export function createProductSearchHandlers(
  parts: ImportParts & SubmitParts,
): ReadonlyMap<string, CallHandler> {
  const direct = Object.entries({
    ...productSetHandlers(parts),
    ...productHandlers(parts),
    ...referenceImageHandlers(parts),
    ...membershipHandlers(parts),
  });
  return new Map<string, CallHandler>([
    ...direct.map(([name, handle]) => [name, async (call: EmulatedCall) => handle(call)] as const),
    [
      "ImportProductSets",
      async (call) => {
        const work = new ImportWork(
          parts,
          checked((violations) => checkImport(call, violations)),
        );
        const run = work.run.bind(work);
        return acceptSubmit(parts, call, { inputCount: 1, outputPrefixes: [], run });
      },
    ],
    [
      "PurgeProducts",
      async (call) => {
        const request = checked((violations) => checkPurge(call, violations));
        return acceptSubmit(parts, call, {
          inputCount: 0,
          outputPrefixes: [],
          run: (operation) => purgeProducts(parts.catalog, request, operation),
        });
      },
    ],
  ]);
}

function checkImport(call: EmulatedCall, violations: Violations): ImportRequest {
  const { parent, inputConfig } = call.request;
  const csvFileUri = textOf(messageOf(messageOf(inputConfig)["gcsSource"])["csvFileUri"]);
  if (!/^gs:\/\/[^/]+\/./.test(csvFileUri)) {
    violations.add(
      "inputConfig.gcsSource.csvFileUri",
      `Invalid CSV file URI ${JSON.stringify(csvFileUri)}: gs://bucket/object is required.`,
    );
  }
  const location = checkName("location", parent, { field: "parent", violations });
  return { location, csvFileUri, version: versionOf(call) };
}

function checkPurge({ request }: EmulatedCall, violations: Violations): PurgeRequest {
  const field = "productSetPurgeConfig.productSetId";
  const productSetId = textOf(messageOf(request["productSetPurgeConfig"])["productSetId"]);
  if (productSetId === "" && request["deleteOrphanProducts"] !== true) {
    violations.add(field, "Either product_set_id or delete_orphan_products is required.");
  }
  if (request["force"] !== true) {
    violations.add("force", "The purge is performed only when force is set to true.");
  }
  return {
    location: checkName("location", request["parent"], { field: "parent", violations }),
    productSetId: checkId(productSetId, { field, violations }),
  };
}
