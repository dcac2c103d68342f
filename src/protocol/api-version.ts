/** The versions of the Vision API that have protos, newest stable first. */
export const apiVersions = ["v1", "v1p1beta1", "v1p2beta1", "v1p3beta1", "v1p4beta1"] as const;

/** A version of the Vision API. */
export type ApiVersion = (typeof apiVersions)[number];
