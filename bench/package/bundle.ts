import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "../..");

/** Bundles a program for a function: one file, minified, that needs no package but optional peers. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly peerDependencies: Readonly<Record<string, string>>;
  };
  await build({
    entryPoints: [entry],
    outfile,
    ...{ bundle: true, minify: true, platform: "node", format: "esm", target: "node22" },
    external: Object.keys(manifest.peerDependencies),
    // google-gax and gRPC are CommonJS.
    banner: {
      js: 'import { createRequire as _require } from "node:module"; const require = _require(import.meta.url);',
    },
    logLevel: "error",
  });
}
