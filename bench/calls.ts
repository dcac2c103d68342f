import type { IncomingHttpHeaders } from "node:http2";
import { createSelfSigned } from "../test/fixtures/self-signed.ts";
import { startAnsweringServer, type AnsweringServerOptions } from "./answering-server.ts";
import { bundleChild } from "./bundled-child.ts";
import { median, type Bench } from "./bench.ts";
import { startSlicedChild, type Measurement, type SlicedChild } from "./child-process.ts";

const rounds = 7;
const warmUps = 6;
const turnsPerRound = 10;

/**
 * Unary calls, 64 of them under way: ours, and those of the generated grpc-js stub called with the
 * same headers and the same deadline; without TLS, and with TLS and a token. In each round two fresh
 * processes take turns of a tenth of a second, so that a busy machine slows both; a ratio is the
 * median of those of all turns of all rounds.
 */
export const callsBench: Bench = async (report) => {
  const { certificate, key } = createSelfSigned();
  const scripts = {
    ours: await bundleChild("calls-ours.mjs"),
    bare: await bundleChild("calls-bare.mjs"),
  };
  report(`${rounds} rounds of fresh processes, without TLS`);
  const plain = await compare(scripts);
  report(`${rounds} rounds of fresh processes, with TLS and a token`);
  const tls = await compare(scripts, { cert: certificate, key });
  return {
    figures: { ...figures(plain, ""), ...figures(tls, "Tls") },
    bounds: { unaryRatio: { max: 1.15 }, unaryTlsRatio: { max: 1.15 } },
  };
};

const kinds = ["read", "submit"] as const;

/** What both sides measured in a turn, by kind of call. */
type Turn = Readonly<Record<(typeof kinds)[number], { ours: Measurement; bare: Measurement }>>;

/** The programs of both sides. */
type Scripts = Readonly<Record<"ours" | "bare", string>>;

async function compare(
  scripts: Scripts,
  pair?: AnsweringServerOptions["pair"],
): Promise<readonly Turn[]> {
  const headers = new Set<string>();
  const server = await startAnsweringServer({ pair, onCall: (sent) => headers.add(shape(sent)) });
  const args =
    pair === undefined
      ? [server.address]
      : [server.address.replace("127.0.0.1", "localhost"), pair.cert];
  try {
    const turns: Turn[] = [];
    for (let round = 0; round < rounds; round += 1) turns.push(...(await runRound(scripts, args)));
    // One for each of the two methods: what the sides send may not differ.
    if (headers.size !== 2) throw new Error(`the headers differ: ${[...headers].join("\n")}`);
    return turns;
  } finally {
    server.stop();
  }
}

async function runRound(scripts: Scripts, args: readonly string[]): Promise<readonly Turn[]> {
  const ours = startSlicedChild(scripts.ours, args);
  const bare = startSlicedChild(scripts.bare, args);
  try {
    const turns: Turn[] = [];
    for (let turn = 0; turn < warmUps + turnsPerRound; turn += 1) {
      turns.push(await takeTurns(ours, bare, turn % 2 === 0));
    }
    return turns.slice(warmUps);
  } finally {
    await Promise.all([ours.close(), bare.close()]);
  }
}

async function takeTurns(ours: SlicedChild, bare: SlicedChild, oursFirst: boolean): Promise<Turn> {
  const turn: Partial<Record<string, Turn["read"]>> = {};
  for (const kind of kinds) {
    const first = await (oursFirst ? ours : bare).measure(kind);
    const second = await (oursFirst ? bare : ours).measure(kind);
    turn[kind] = oursFirst ? { ours: first, bare: second } : { ours: second, bare: first };
  }
  return turn as Turn;
}

/** What must be the same in the calls of both sides: the names of the headers, and most values. */
function shape(headers: IncomingHttpHeaders): string {
  const varying = new Set([":authority", "grpc-timeout", "x-goog-request-params"]);
  const kept = Object.entries(headers).map(([name, value]) => [name, varying.has(name) || value]);
  return JSON.stringify(kept.sort());
}

function figures(turns: readonly Turn[], security: string): Record<string, number> {
  const all = (kind: keyof Turn, of: (turn: Turn["read"]) => number): number =>
    median(turns.map((turn) => of(turn[kind])));
  const ratio = (kind: keyof Turn, field: string): number =>
    all(kind, ({ ours, bare }) => valueOf(ours, field) / valueOf(bare, field));
  return {
    [`unary${security}Ratio`]: ratio("read", "us"),
    [`unary${security}CpuRatio`]: ratio("read", "cpuUs"),
    [`submit${security}Ratio`]: ratio("submit", "us"),
    [`submit${security}CpuRatio`]: ratio("submit", "cpuUs"),
    [`our${security}UsPerUnary`]: all("read", ({ ours }) => valueOf(ours, "us")),
    [`bare${security}UsPerUnary`]: all("read", ({ bare }) => valueOf(bare, "us")),
  };
}

function valueOf(measurement: Measurement, field: string): number {
  return measurement[field] ?? Number.NaN;
}
