import { build } from "esbuild";

/**
 * Bundles a program for a function, by `esbuild ENTRY --bundle --minify --platform=node --external:pg`:
 * one file in CommonJS that needs no package, but for `pg` where runs are kept in PostgreSQL.
 */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    ...{ bundle: true, minify: true, platform: "node", external: ["pg"], logLevel: "error" },
  });
}
