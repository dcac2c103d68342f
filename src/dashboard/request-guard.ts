import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { isSame } from "./access-key.ts";
import { Refusal } from "./refusal.ts";

const maxBodyBytes = 16_384;

/** Who may ask for what: only pages of this server, by the names of this machine. */
export class RequestGuard {
  /** What every change brings with it, which only pages of this server can read. */
  readonly token = randomBytes(32).toString("base64url");
  readonly #hosts: ReadonlySet<string>;

  constructor(port: number) {
    const names = ["127.0.0.1", "localhost"];
    const hosts = names.map((name) => `${name}:${port}`);
    // A browser leaves out the port of http.
    this.#hosts = new Set(port === 80 ? [...hosts, ...names] : hosts);
  }

  /** Against names of others that were made to mean this machine. @throws Refusal */
  checkHost({ headers }: IncomingMessage): void {
    if (this.#hosts.has(headers.host ?? "")) return;
    const names = [...this.#hosts].join(" or ");
    throw new Refusal(421, `this is ${names}, and answers to no other name or port`);
  }

  /** @throws Refusal for what a page of somebody else asks for. */
  checkSite({ headers }: IncomingMessage): void {
    const site = headers["sec-fetch-site"];
    if (site === undefined || site === "same-origin" || site === "none") return;
    throw new Refusal(403, "a page of another site may not ask for this");
  }

  /** @throws Refusal for what is not known to come from a page of this server. */
  checkOwnPage({ headers }: IncomingMessage): void {
    if (headers["sec-fetch-site"] === "same-origin") return;
    throw new Refusal(403, "only a page of this server may ask for this");
  }

  /** @throws Refusal for a change that does not come from a page of this server. */
  checkChange(request: IncomingMessage): void {
    const { headers } = request;
    this.checkSite(request);
    if (headers.origin !== `http://${headers.host ?? ""}`) {
      throw new Refusal(403, "only a page of this server may change something");
    }
    if (!isSame(String(headers["x-csrf-token"] ?? ""), this.token)) {
      throw new Refusal(403, "the token is not that of this server: load the page again");
    }
    if (!/^application\/json(;|$)/i.test(headers["content-type"] ?? "")) {
      throw new Refusal(415, "expected application/json");
    }
  }
}

/** Reads a body of JSON: an object, which may be left out. @throws Refusal */
export async function readBody(
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.byteLength;
    if (bytes > maxBodyBytes) {
      throw new Refusal(413, `more than ${maxBodyBytes} bytes`, { connection: "close" });
    }
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8");
  if (text === "") return {};
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "expected an object of JSON");
  }
  return value as Readonly<Record<string, unknown>>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "expected an object of JSON");
  }
}
