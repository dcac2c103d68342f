import { createRequire } from "node:module";

/** The version of this package. */
export function packageVersion(): string {
  const require = createRequire(import.meta.url);
  const { version } = require("vision-batch/package.json") as { version: string };
  return version;
}

/**
 * `x-goog-api-client`: the language, this library (`gccl`, the token of libraries that are not
 * generated) and those beneath it, e.g. `gl-node/24.1.0 gccl/0.1.0 gax/6.17.0 grpc/1.14.7`.
 */
export function apiClientHeader(beneath: Readonly<Record<string, string>>): string {
  const tokens = { "gl-node": process.versions.node, gccl: packageVersion(), ...beneath };
  return Object.entries(tokens)
    .map(([name, version]) => `${name}/${version}`)
    .join(" ");
}
