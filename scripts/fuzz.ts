// Random messages of every type through the JSON codec and the binary codecs, canonical, spoilt and
// with fields that no table knows; spoilt shards through the reader of results; runs in a simulated
// world. The same seed and count yield the same cases.
import { parseArgs } from "node:util";
import { apiVersions, type ApiVersion } from "../src/protocol/api-version.ts";
import { loadJsonCodec, loadJsonTables } from "../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../src/protocol/json/type-registry.ts";
import { loadMessageTypes } from "../src/protocol/message-types.ts";
import { createJsonGenerator, seededRandom } from "../test/protocol/json/random-json.ts";
import { fuzzRuns } from "../test/runs/steps/model/fuzz-runs.ts";
import {
  checkBytes,
  checkJson,
  checkUnknownFields,
  encode,
  type Subject,
} from "./fuzz/codec-properties.ts";
import { mutate } from "./fuzz/mutate.ts";
import { readMutatedShards, shardsPerRound } from "./fuzz/read-mutated-shards.ts";

const usage = `npm run fuzz -- [codec|shards|runs] [--seed N] [--count N]

  codec      the JSON codec (default)
  shards     the reader of results
  runs       the steps of runs, in virtual time with crashes, lost answers and lost claims
  --seed N   where the row of random numbers begins; drawn and told where it is not given
  --count N  how often every type of every version is tried, how many shards are read, or how many
             transitions of chunks are made at least (default 100 times, 200000 shards, or 1000000)
`;

type Fuzz = (seed: number, count: number) => Promise<number>;

const subjects: Readonly<Record<string, { readonly count: number; readonly fuzz: Fuzz }>> = {
  codec: { count: 100, fuzz: fuzzCodec },
  shards: { count: 200_000, fuzz: fuzzShards },
  runs: { count: 1_000_000, fuzz: fuzzTransitions },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    count: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(usage);
else process.exitCode = await main();

async function main(): Promise<number> {
  const [what = "codec", ...others] = positionals;
  const subject = Object.hasOwn(subjects, what) ? subjects[what] : undefined;
  const seed = Number(values.seed);
  const count = Number(values.count ?? subject?.count);
  const isSound = others.length === 0 && Number.isInteger(seed) && Number.isInteger(count);
  if (subject === undefined || !isSound) {
    process.stderr.write(usage);
    return 2;
  }
  return subject.fuzz(seed, count);
}

async function fuzzTransitions(seed: number, count: number): Promise<number> {
  let [runs, transitions] = [0, 0];
  for (let round = 0; transitions < count; round++) {
    const done = await fuzzRuns(seed + round);
    if (done.failure !== undefined) {
      process.stderr.write(
        `${done.failure}\nnpm run fuzz -- runs --seed ${seed + round} --count 1\n`,
      );
      return 1;
    }
    runs += done.runs;
    transitions += done.transitions;
  }
  const what = `${transitions} transitions in ${runs} runs`;
  process.stdout.write(`${what} from seed ${seed}: nothing found\n`);
  return 0;
}

async function fuzzShards(seed: number, count: number): Promise<number> {
  const rounds = Math.ceil(count / shardsPerRound);
  for (let round = 0; round < rounds; round++) {
    const failure = await readMutatedShards(seed + round);
    if (failure !== undefined) {
      process.stderr.write(`${failure}\nnpm run fuzz -- shards --seed ${seed + round} --count 1\n`);
      return 1;
    }
  }
  process.stdout.write(`${rounds * shardsPerRound} shards from seed ${seed}: nothing found\n`);
  return 0;
}

async function fuzzCodec(seed: number, count: number): Promise<number> {
  let cases = 0;
  for (const version of apiVersions) {
    const fuzz = await fuzzerOf(version);
    for (let round = 0; round < count; round++) {
      const failure = fuzz(seed + round);
      if (failure !== undefined) {
        process.stderr.write(`${failure}\nnpm run fuzz -- --seed ${seed + round} --count 1\n`);
        return 1;
      }
      cases++;
    }
  }
  process.stdout.write(`${cases} rounds over every type from seed ${seed}: nothing found\n`);
  return 0;
}

/** What tries every type of a version once, and answers what went wrong. */
async function fuzzerOf(version: ApiVersion): Promise<(seed: number) => string | undefined> {
  const [codec, tables, types] = await Promise.all([
    loadJsonCodec(version),
    loadJsonTables(version),
    loadMessageTypes(version),
  ]);
  const registry = createTypeRegistry(tables);
  return (seed) => {
    const random = seededRandom(seed);
    const generator = createJsonGenerator(registry, random);
    for (const typeName of registry.typeNames) {
      const binary = types.get(typeName);
      if (binary === undefined) return `${typeName} was not generated`;
      const { canonical, variant } = generator.message(typeName);
      const spoilt = mutate(variant, random);
      try {
        fuzzType({ codec, typeName, binary }, { variant, spoilt, random });
      } catch (error) {
        const cases = [canonical, spoilt].map((json) => JSON.stringify(json)).join("\n");
        return `${version} ${typeName}\n${cases}\n${(error as Error).stack ?? ""}`;
      }
    }
    return undefined;
  };
}

interface Case {
  readonly variant: unknown;
  readonly spoilt: unknown;
  readonly random: () => number;
}

function fuzzType(subject: Subject, { variant, spoilt, random }: Case): void {
  checkJson(subject, variant);
  checkJson(subject, spoilt);
  const { codec, typeName, binary } = subject;
  const bytes = encode(binary, codec.fromJson(typeName, variant));
  checkUnknownFields(subject, bytes, random);
  const spoiltBytes = Buffer.from(bytes);
  if (bytes.length > 0) {
    spoiltBytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
  }
  checkBytes(subject, spoiltBytes.subarray(0, Math.ceil(random() * 2 * bytes.length)));
}
