const inFlight = 64;
const callsPerSlice = 1500;

/** The time limit of every call, in milliseconds. */
export const timeoutMs = 60_000;

/** The token of calls over TLS; nobody checks it. */
export const accessToken = "a-token-that-nobody-checks".repeat(8);

/** The parent of every submit. */
export const parent = "projects/p/locations/eu";

/** Operations that are read. */
const names = Array.from({ length: 512 }, (_, index) => `operations/x${index}`);

/**
 * Measures a slice of calls of a kind for every message that asks for one, until nobody asks any more.
 * @param {Readonly<Record<string, (name: string) => Promise<unknown>>>} kinds
 * @param {() => void} close
 */
export function serveSlices(kinds, close) {
  process.on("message", (kind) => {
    const call = kinds[String(kind)];
    if (call === undefined) throw new Error(`there is no kind ${String(kind)}`);
    void measureSlice(call).then((measurement) => process.send?.(measurement));
  });
  process.once("disconnect", close);
}

/**
 * Microseconds a call takes, by the clock and of the processor, with 64 of them under way.
 * @param {(name: string) => Promise<unknown>} call
 */
async function measureSlice(call) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  let next = 0;
  const worker = async () => {
    while (next < callsPerSlice) await call(names[next++ % names.length] ?? "");
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const us = (performance.now() - start) * 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { us: us / callsPerSlice, cpuUs: (user + system) / callsPerSlice };
}
