import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSelfSigned } from "../test/fixtures/self-signed.ts";
import { median, type Bench } from "./bench.ts";
import { measureChild, startSlicedChild, type Measurement } from "./child-process.ts";
import { response } from "./children/run-load.mjs";

const images = 100_000;
/** Ours, theirs, theirs, ours: the machine's drift slows both. */
const rounds = 2;

/**
 * A run of 100,000 images end to end, the text of every response read, against the script that people
 * write with `@google-cloud/vision` and `@google-cloud/storage` (bench/peers/), each in fresh processes
 * against a fresh emulator in a process of its own: operations of 30 s, 20 kB a response, 20 in a shard.
 *
 * All images may be in processing at a time, for both: within the service's 8,000 a side would wait for
 * operations for over six minutes, and a bench must end. Ours is told by its limit, the script by how many
 * operations it has at a time, and the emulator by its quota. The quota of 1,800 requests a minute stays:
 * fifty submits are far from it. The emulator stands behind TLS, so that clients follow operations as
 * they do those of the service, and offers GetOperation alone, as the service is known to.
 *
 * Of each response ours reads the field that is wanted, by its read mask; the script has no such thing.
 */
export const runBench: Bench = async (report) => {
  const root = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
  try {
    prepare(root);
    const ours: Measurement[] = [];
    const theirs: Measurement[] = [];
    for (let round = 0; round < rounds; round += 1) {
      report(`round ${round + 1} of ${rounds}`);
      const sides = [
        async () => ours.push(await measure(root, "run-ours.mjs")),
        async () => theirs.push(await measure(root, "run-theirs.mjs")),
      ];
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
    }
    return { figures: compare(ours, theirs), bounds };
  } finally {
    rmSync(root, { recursive: true });
  }
};

const bounds = {
  wallRatio: { max: 0.6 },
  rssRatio: { max: 0.5 },
  pollsRatio: { max: 0.3 },
};

function prepare(root: string): void {
  const { certificate, key } = createSelfSigned();
  writeFileSync(join(root, "certificate.pem"), certificate);
  writeFileSync(join(root, "key.pem"), key);
  mkdirSync(join(root, "recorded"));
  writeFileSync(join(root, "recorded", "index.json"), JSON.stringify([{ uri: "*", response }]));
}

/** One side, from the start of its process to the last response. */
async function measure(root: string, script: string): Promise<Measurement> {
  const emulator = startSlicedChild("run-emulator.mjs", [root, String(images)]);
  const work = mkdtempSync(join(root, "work-"));
  try {
    const { grpc, http } = await emulator.measure("ports");
    const certificate = join(root, "certificate.pem");
    const args = [certificate, String(grpc), String(http), String(images), work];
    const measured = await measureChild(script, args);
    const counted = await emulator.measure("counts");
    check({ ...measured, ...counted });
    return { ...measured, ...counted };
  } finally {
    await emulator.close();
    rmSync(work, { recursive: true });
    rmSync(join(root, "buckets"), { recursive: true, force: true });
  }
}

/** Both sides have done the same work: each image sent once, its text read once. */
function check({ submitted, responses, characters }: Measurement): void {
  const expected = images * response.fullTextAnnotation.text.length;
  if (submitted === images && responses === images && characters === expected) return;
  throw new Error(
    `${String(submitted)} images were submitted, ${String(responses)} responses with ${String(characters)} characters read`,
  );
}

function compare(
  ours: readonly Measurement[],
  theirs: readonly Measurement[],
): Record<string, number> {
  const middle = (side: readonly Measurement[], name: string): number =>
    median(side.map((each) => each[name] ?? Number.NaN));
  const ratio = (name: string): number => middle(ours, name) / middle(theirs, name);
  return {
    wallRatio: ratio("ms"),
    rssRatio: ratio("rssMiB"),
    pollsRatio: ratio("polls"),
    cpuRatio: ratio("cpuMs"),
    ourMs: middle(ours, "ms"),
    theirMs: middle(theirs, "ms"),
    ourCpuMs: middle(ours, "cpuMs"),
    theirCpuMs: middle(theirs, "cpuMs"),
    ourRssMiB: middle(ours, "rssMiB"),
    theirRssMiB: middle(theirs, "rssMiB"),
    ourPolls: middle(ours, "polls"),
    theirPolls: middle(theirs, "polls"),
  };
}
