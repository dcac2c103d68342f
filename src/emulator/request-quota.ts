import type { EmulatorClock } from "./emulator-clock.ts";
import { ServiceError } from "./service-error.ts";

const windowMs = 60_000;

/** Counts requests over the last minute and refuses those above the limit with RESOURCE_EXHAUSTED. */
export class RequestQuota {
  readonly #limit: number | undefined;
  readonly #clock: EmulatorClock;
  readonly #projectId: string;
  #times: number[] = [];

  constructor(options: {
    readonly requestsPerMinute: number | undefined;
    readonly clock: EmulatorClock;
    readonly projectId: string;
  }) {
    this.#limit = options.requestsPerMinute;
    this.#clock = options.clock;
    this.#projectId = options.projectId;
  }

  /** Takes one request from the quota. @throws {@link ServiceError} with RetryInfo, QuotaFailure and ErrorInfo. */
  take(): void {
    if (this.#limit === undefined) return;
    const now = this.#clock.now();
    const firstInWindow = this.#times.findIndex((time) => time > now - windowMs);
    this.#times = firstInWindow === -1 ? [] : this.#times.slice(firstInWindow);
    if (this.#times.length >= this.#limit) {
      throw this.#exceeded(this.#limit, (this.#times[0] ?? now) + windowMs - now);
    }
    this.#times.push(now);
  }

  /** Forgets the requests so far. */
  reset(): void {
    this.#times = [];
  }

  #exceeded(limit: number, retryMs: number): ServiceError {
    const consumer = `projects/${this.#projectId}`;
    const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
    return new ServiceError({
      code: "RESOURCE_EXHAUSTED",
      message:
        "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service " +
        `'vision.googleapis.com' for consumer '${consumer}'.`,
      details: [
        {
          "@type": type("ErrorInfo"),
          reason: "RATE_LIMIT_EXCEEDED",
          domain: "googleapis.com",
          metadata: {
            service: "vision.googleapis.com",
            consumer,
            quota_limit: "RequestsPerMinutePerProject",
            quota_limit_value: String(limit),
          },
        },
        {
          "@type": type("QuotaFailure"),
          violations: [{ subject: consumer, description: `${limit} requests per minute` }],
        },
        { "@type": type("RetryInfo"), retryDelay: `${(retryMs / 1000).toFixed(3)}s` },
      ],
    });
  }
}
