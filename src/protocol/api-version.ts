import { apiVersions } from "../../generated/index.ts";

export { apiVersions };

/** A version of the Vision API. */
export type ApiVersion = (typeof apiVersions)[number];
