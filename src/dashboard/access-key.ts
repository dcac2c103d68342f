import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/** Why nothing is shown, for people. */
export const lockedText =
  "The URL with the key of this server opens it: vision-batch runs watch ID --web prints it to stderr, vision-batch worker logs it once. A server that was started anew has another key.";

/** What opens a dashboard: who knows it may see and do all. Each server has its own, and nothing is kept of it. */
export class AccessKey {
  readonly #key = randomBytes(32).toString("base64url");
  readonly #cookie: string;

  constructor(port: number) {
    // A browser gives cookies to all ports of a host: the name tells the servers of a machine apart.
    this.#cookie = `vision-batch-${port}`;
  }

  /** What is added to the URL of the page, once. */
  get search(): string {
    return `?key=${this.#key}`;
  }

  /** What a browser keeps until it is closed, and shows to no script and no other site. */
  get setCookie(): string {
    return `${this.#cookie}=${this.#key}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether the URL of the page brings the key. */
  isIn(url: string): boolean {
    const [path, query = ""] = url.split("?");
    return path === "/" && isSame(new URLSearchParams(query).get("key") ?? "", this.#key);
  }

  /** @throws Refusal for who does not bring the key as the cookie. */
  check({ headers }: IncomingMessage): void {
    const cookies = (headers.cookie ?? "").split(";").map((each) => each.trim());
    const start = `${this.#cookie}=`;
    const given = cookies.filter((each) => each.startsWith(start));
    if (given.some((each) => isSame(each.slice(start.length), this.#key))) return;
    throw new Refusal(401, lockedText, { "www-authenticate": 'Key realm="vision-batch"' });
  }
}

/** Takes as long whatever is given. */
export function isSame(given: string, secret: string): boolean {
  const [a, b] = [given, secret].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
