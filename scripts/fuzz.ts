// Random messages of every type through the JSON codec and the binary codecs, canonical, spoilt and
// with fields that no table knows; spoilt shards through the reader of results. The same seed and count
// yield the same cases.
import { parseArgs } from "node:util";
import { apiVersions, type ApiVersion } from "../src/protocol/api-version.ts";
import { loadJsonCodec, loadJsonTables } from "../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../src/protocol/json/type-registry.ts";
import { loadMessageTypes } from "../src/protocol/message-types.ts";
import { createJsonGenerator, seededRandom } from "../test/protocol/json/random-json.ts";
import {
  checkBytes,
  checkJson,
  checkUnknownFields,
  encode,
  type Subject,
} from "./fuzz/codec-properties.ts";
import { mutate } from "./fuzz/mutate.ts";
import { readMutatedShards, shardsPerRound } from "./fuzz/read-mutated-shards.ts";

const usage = `npm run fuzz -- [codec|shards] [--seed N] [--count N]

  codec      the JSON codec (default)
  shards     the reader of results
  --seed N   where the row of random numbers begins; drawn and told where it is not given
  --count N  how often every type of every version is tried, or how many shards are read
             (default 100 times, or 200000 shards)
`;

const defaultShards = 200_000;

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
  const seed = Number(values.seed);
  const count = Number(values.count ?? (what === "shards" ? defaultShards : 100));
  const isKnown = (what === "codec" || what === "shards") && others.length === 0;
  if (!isKnown || !Number.isInteger(seed) || !Number.isInteger(count)) {
    process.stderr.write(usage);
    return 2;
  }
  return what === "shards" ? fuzzShards(seed, count) : fuzzCodec(seed, count);
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
