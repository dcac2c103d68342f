import { build } from "esbuild";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * Bundles a script of bench/children/ that imports our sources, so that what compiling them takes is not
 * measured with it.
 * @returns its path.
 */
export async function bundleChild(script: string): Promise<string> {
  const outfile = join(root, "temp/bench", script);
  await build({
    entryPoints: [join(import.meta.dirname, "children", script)],
    outfile,
    ...{ bundle: true, format: "esm", platform: "node", target: "node22.13", packages: "external" },
    logLevel: "error",
  });
  return outfile;
}
