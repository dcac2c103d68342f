import type { Bench } from "./bench.ts";
import { median } from "./bench.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { alternate, type Measurement } from "./child-process.ts";

const rounds = 9;

/** What it costs to import the client and to get a first answer, against @google-cloud/vision. */
export const importBench: Bench = async (report) => {
  report(`import: ${rounds} rounds of fresh processes, in turn`);
  const imports = await alternate(["import-ours.mjs", "import-theirs.mjs"], [], rounds);
  report(`first GetOperation: ${rounds} rounds of fresh processes, in turn`);
  const server = await startAnsweringServer();
  try {
    const firsts = await alternate(
      ["first-rpc-ours.mjs", "first-rpc-theirs.mjs"],
      [server.address],
      rounds,
    );
    return {
      figures: {
        ...figure("import", imports, "ms"),
        ...figure("firstRpc", firsts, "ms"),
        ...figure("firstRpcRss", firsts, "rssMiB"),
      },
      bounds: {
        importRatio: { max: 0.2 },
        firstRpcRatio: { max: 0.5 },
        firstRpcRssRatio: { max: 0.8 },
      },
    };
  } finally {
    server.stop();
  }
};

function figure(
  name: string,
  { ours, theirs }: { ours: readonly Measurement[]; theirs: readonly Measurement[] },
  field: string,
): Record<string, number> {
  const of = (measurements: readonly Measurement[]): number =>
    median(measurements.map((measurement) => measurement[field] ?? Number.NaN));
  const [our, their] = [of(ours), of(theirs)];
  const unit = field === "ms" ? "Ms" : "MiB";
  return {
    [`${name}Ratio`]: our / their,
    [`${name}Our${unit}`]: our,
    [`${name}Their${unit}`]: their,
  };
}
