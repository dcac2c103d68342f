import { apiVersions } from "../protocol/api-version.ts";
import { loadServices, operationsService } from "../protocol/method-table.ts";
import type { EmulatedMethod } from "./emulated-call.ts";

/** Every method that the emulator serves: the services of all versions, and Operations. */
export async function loadServedMethods(): Promise<readonly EmulatedMethod[]> {
  const byVersion = await Promise.all(
    apiVersions.map(async (version) => {
      const { ImageAnnotator, ProductSearch } = await loadServices(version);
      const methods = { ...ImageAnnotator.methods, ...ProductSearch?.methods };
      return Object.values(methods).map((entry): EmulatedMethod => ({
        service: "vision",
        version,
        entry,
      }));
    }),
  );
  const operations = Object.values(operationsService.methods).map((entry): EmulatedMethod => ({
    service: "operations",
    entry,
  }));
  return [...byVersion.flat(), ...operations];
}
