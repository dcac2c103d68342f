/** The version of this package. Not read from package.json, which a bundle does not have beside it. */
export function packageVersion(): string {
  return "0.1.0";
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
