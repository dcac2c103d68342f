// Loaded by mocha before the tests and by the Node programs that they start: whatever would leave
// the machine is refused, and fails the test it happens in even when the error is swallowed.
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

type Callable = (this: unknown, ...args: unknown[]) => unknown;

const refusals = new Set<string>();

guardSockets();
for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  guardNames(holder);
}
syncBuiltinESMExports();

/** Fails the test in which something was refused. */
export const mochaHooks = { afterEach: failOnRefusal, afterAll: failOnRefusal };

function failOnRefusal(): void {
  if (refusals.size === 0) return;
  const list = [...refusals].join(", ");
  refusals.clear();
  throw new Error(`tests stay on this machine; refused: ${list}`);
}

function refuse(what: string): Error {
  refusals.add(what);
  process.stderr.write(`network guard: refused ${what}\n`);
  return Object.assign(new Error(`network guard: refused ${what}`), { code: "ENETUNREACH" });
}

function guardSockets(): void {
  const prototype = net.Socket.prototype as unknown as { connect: Callable };
  const connect = prototype.connect;
  prototype.connect = function (...args) {
    const socket = this as net.Socket;
    const host = hostOf(args);
    if (host === undefined || isLoopback(host)) return connect.apply(socket, args);
    const error = refuse(`a connection to ${host}`);
    process.nextTick(() => socket.destroy(error));
    return socket;
  };
}

/** The host of the arguments of `socket.connect`; undefined for a local pipe. */
function hostOf(args: readonly unknown[]): string | undefined {
  // net.connect hands over its normalized arguments as one array.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "object" && first !== null) {
    const { path, host } = first as { path?: unknown; host?: unknown };
    if (typeof path === "string") return undefined;
    return typeof host === "string" ? host : "localhost";
  }
  if (typeof first === "string" && !/^\d+$/.test(first)) return undefined;
  return typeof second === "string" ? second : "localhost";
}

function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, "");
  if (name === "" || name === "localhost" || name.endsWith(".localhost")) return true;
  if (net.isIPv4(name)) return name.startsWith("127.") || name === "0.0.0.0";
  return ["::", "::1"].includes(name) || name.startsWith("::ffff:127.");
}

function guardNames(holder: object): void {
  const methods = holder as Record<string, Callable>;
  for (const name of Object.getOwnPropertyNames(holder)) {
    const original = methods[name];
    if (!/^(lookup|resolve|reverse)/.test(name) || typeof original !== "function") continue;
    const asksServer = !name.startsWith("lookup");
    methods[name] = function (this: unknown, ...args) {
      const host = typeof args[0] === "string" ? args[0] : "";
      const isLocal = isLoopback(host) || (!asksServer && net.isIP(host) !== 0);
      if (isLocal && !asksServer) return original.apply(this, args);
      // A name server is somewhere else even where the name is local: gRPC asks it for TXT records.
      return fail(args, isLocal ? notFound(host) : refuse(`a look-up of ${host}`));
    };
  }
}

function notFound(host: string): Error {
  return Object.assign(new Error(`network guard: no record of ${host}`), { code: "ENOTFOUND" });
}

function fail(args: readonly unknown[], error: Error): unknown {
  const callback = args.at(-1);
  if (typeof callback !== "function") return Promise.reject(error);
  process.nextTick(() => (callback as (error: Error) => void)(error));
  return undefined;
}
