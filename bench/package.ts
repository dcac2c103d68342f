import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shippedPackages, type LockedPackages } from "../scripts/release/shipped-packages.ts";
import type { Bench } from "./bench.ts";
import { bundle } from "./package/bundle.ts";
import { installedSize, sizeOfFiles, sumOf, type Size } from "./package/installed-size.ts";

const root = join(import.meta.dirname, "..");
const bytesPerMib = 2 ** 20;

/**
 * What the package weighs, once it is installed without optional peers, on top of google-gax alone; as a
 * tarball; and bundled for a function, against the official client. Everything is computed from what is
 * built and installed here, as the lock file has it: no registry is asked.
 */
export const packageBench: Bench = async (report) => {
  if (!existsSync(join(root, "dist/index.js"))) {
    throw new Error("the package is not built: run `npm run build`");
  }
  report("package: packed");
  const packed = pack();
  const own = sizeOfFiles(packed.files);
  report("package: what an install brings, by the lock file");
  const gax = install(["google-gax"]);
  const ours = install(Object.keys(lock().packages[""]?.dependencies ?? {}));
  const theirs = install(["@google-cloud/vision"]);
  const over = without(ours, gax);
  const theirOver = without(theirs, gax);
  const overSize = sumOf([own, ...over.values()]);
  report("package: bundled for a function");
  const bundles = await bundleBoth();
  return {
    figures: {
      overGaxMiB: overSize.onDisk / bytesPerMib,
      overGaxPackages: over.size + 1,
      overGaxContentMiB: overSize.bytes / bytesPerMib,
      ownMiB: own.onDisk / bytesPerMib,
      ownFiles: packed.files.length,
      packedMiB: packed.size / bytesPerMib,
      unpackedMiB: packed.unpackedSize / bytesPerMib,
      gaxMiB: sumOf([...gax.values()]).onDisk / bytesPerMib,
      gaxPackages: gax.size,
      theirOverGaxMiB: sumOf([...theirOver.values()]).onDisk / bytesPerMib,
      theirOverGaxPackages: theirOver.size,
      ...bundles,
    },
    bounds: { overGaxMiB: { max: 8 }, overGaxPackages: { max: 12 } },
  };
};

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

function pack(): Packed {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  const answer = execFileSync("npm", args, { cwd: root, encoding: "utf8", stdio });
  const [packed] = JSON.parse(answer) as Packed[];
  if (packed === undefined) throw new Error(`npm pack answered ${answer}`);
  return packed;
}

function lock(): { readonly packages: LockedPackages } {
  const text = readFileSync(join(root, "package-lock.json"), "utf8");
  return JSON.parse(text) as ReturnType<typeof lock>;
}

/** The sizes of the packages that an install brings, by name and version. */
function install(names: readonly string[]): ReadonlyMap<string, Size> {
  const shipped = shippedPackages(lock().packages, names);
  return new Map(
    [...shipped].map(([key, { path }]) => [key, installedSize(join(root, path))] as const),
  );
}

function without(
  packages: ReadonlyMap<string, Size>,
  others: ReadonlyMap<string, Size>,
): ReadonlyMap<string, Size> {
  return new Map([...packages].filter(([key]) => !others.has(key)));
}

async function bundleBoth(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), "vision-batch-bundle-"));
  try {
    const sizes = ["our-function", "their-function"].map(async (name) => {
      const outfile = join(folder, `${name}.cjs`);
      await bundle(join(import.meta.dirname, `package/${name}.ts`), outfile);
      return statSync(outfile).size / bytesPerMib;
    });
    const [our = Number.NaN, their = Number.NaN] = await Promise.all(sizes);
    return { bundleMiB: our, theirBundleMiB: their, bundleRatio: our / their };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
