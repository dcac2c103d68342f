import type { Journal } from "../../../src/runs/journal/journal.ts";

/** A journal whose methods fail as long as there is an error for them. */
export class FailingJournal {
  /** What a method fails with, by its name; taken away after so many times. */
  readonly faults = new Map<string, { readonly error: Error; times: number }>();
  readonly journal: Journal;

  constructor(inner: Journal) {
    this.journal = new Proxy(inner, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => {
          const fault = this.faults.get(String(name));
          if (fault === undefined || fault.times <= 0) return Reflect.apply(member, target, args);
          fault.times--;
          return Promise.reject(fault.error);
        };
      },
    });
  }
}
