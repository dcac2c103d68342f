import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../src/emulator/index.ts";
import { median, type Bench } from "./bench.ts";
import { measureChild, type Measurement } from "./child-process.ts";
import { denseShard, responsesPerShard } from "./children/results-load.mjs";

const rounds = 5;
const httpRounds = 3;
const rssRounds = 2;
const mask = "fullTextAnnotation.text";
const small = 200e6;
const large = 2e9;
const http = 100e6;

/**
 * Reading results, against what must be done at least (`fs.readFile` and a bare `JSON.parse` of the same
 * bytes) and against the script that people write (`@google-cloud/storage`, `JSON.parse`, `fromObject`).
 */
export const resultsBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
  try {
    const shard = makeShards(root);
    const local = await benchLocal(root, report);
    const overHttp = await benchHttp(root, report);
    const rss = await benchRss(root, report);
    const { quoteScan = Number.NaN } = await measureChild("results-quotes.mjs", [shard]);
    const maskedScan = local.figures["maskedBytesPerSecond"] ?? Number.NaN;
    const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB/s`;
    report(
      `a scan that only finds the quotes: ${megabytes(quoteScan)}; the masked read, storage included: ` +
        `${megabytes(maskedScan)}, ${(maskedScan / quoteScan).toFixed(2)} of it`,
    );
    return {
      figures: {
        ...{ ...local.figures, ...overHttp, ...rss },
        quoteScanBytesPerSecond: quoteScan,
        maskedOfQuoteScan: maskedScan / quoteScan,
      },
      bounds: {
        decodeRatio: { max: 1.3 },
        maskRatio: { max: 0.35 },
        httpRatio: { max: 0.5 },
        rssGrowth: { max: 1.15 },
      },
    };
  } finally {
    rmSync(root, { recursive: true });
  }
};

/** One file under many names, so that the disk holds it; returns its path. */
function makeShards(root: string): string {
  const content = denseShard();
  const original = join(root, "shard.json");
  writeFileSync(original, content);
  for (const [name, bytes] of Object.entries({ small, large, http })) {
    const folder = join(root, "bucket", name);
    mkdirSync(folder, { recursive: true });
    const shards = Math.ceil(bytes / content.length);
    for (let shard = 0; shard < shards; shard += 1) {
      const first = shard * responsesPerShard + 1;
      const last = first + responsesPerShard - 1;
      linkSync(original, join(folder, `output-${first}-to-${last}.json`));
    }
  }
  return original;
}

async function benchLocal(root: string, report: (line: string) => void) {
  report(`200 MB from a directory: ${rounds} rounds of fresh processes, in turn`);
  const prefix = "gs://bucket/small/";
  const { decode, masked, bare } = await inTurn(rounds, {
    decode: () => measureChild("results-ours.mjs", [root, prefix]),
    masked: () => measureChild("results-ours.mjs", [root, prefix, mask]),
    bare: () => measureChild("results-bare.mjs", [join(root, "bucket", "small")]),
  });
  const [bytes = Number.NaN] = bare.map((each) => each["bytes"]);
  return {
    figures: {
      decodeRatio: msOf(decode) / msOf(bare),
      maskRatio: msOf(masked) / msOf(bare),
      decodeMs: msOf(decode),
      maskedMs: msOf(masked),
      bareMs: msOf(bare),
      maskedBytesPerSecond: (bytes * 1000) / msOf(masked),
    } as Record<string, number>,
  };
}

async function benchHttp(
  root: string,
  report: (line: string) => void,
): Promise<Record<string, number>> {
  report(`100 MB over HTTP: ${httpRounds} rounds of fresh processes, in turn`);
  await using emulator = await startEmulator({ directory: root });
  const args = [emulator.http, "gs://bucket/http/"];
  const { ours, theirs } = await inTurn(httpRounds, {
    ours: () => measureChild("results-http-ours.mjs", args),
    theirs: () => measureChild("results-http-theirs.mjs", args),
  });
  return {
    httpRatio: msOf(ours) / msOf(theirs),
    httpOurMs: msOf(ours),
    httpTheirMs: msOf(theirs),
  };
}

async function benchRss(
  root: string,
  report: (line: string) => void,
): Promise<Record<string, number>> {
  report(`peak RSS of 200 MB and of 2 GB: ${rssRounds} rounds of fresh processes, in turn`);
  const measured = await inTurn(
    rssRounds,
    {
      small: () => measureChild("results-ours.mjs", [root, "gs://bucket/small/"]),
      large: () => measureChild("results-ours.mjs", [root, "gs://bucket/large/"]),
    },
    { sameResults: false, warmUp: false },
  );
  const peak = (all: readonly Measurement[]): number =>
    median(all.map(({ rssMiB }) => rssMiB ?? Number.NaN));
  const [smallMiB, largeMiB] = [peak(measured.small), peak(measured.large)];
  return { rssGrowth: largeMiB / smallMiB, rssSmallMiB: smallMiB, rssLargeMiB: largeMiB };
}

/** Runs each in turn, after a round that is not counted; what reads the same must have read the same. */
async function inTurn<Name extends string>(
  count: number,
  runs: Readonly<Record<Name, () => Promise<Measurement>>>,
  { sameResults = true, warmUp = true } = {},
): Promise<Record<Name, Measurement[]>> {
  const names = Object.keys(runs) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    Measurement[]
  >;
  for (let round = warmUp ? -1 : 0; round < count; round += 1) {
    const texts = new Set<number | undefined>();
    for (const name of names) {
      const measurement = await runs[name]();
      texts.add(measurement["characters"]);
      if (round >= 0) measured[name].push(measurement);
    }
    if (sameResults && texts.size !== 1) throw new Error("the texts that were read differ");
  }
  return measured;
}

function msOf(all: readonly Measurement[]): number {
  return median(all.map(({ ms }) => ms ?? Number.NaN));
}
