import { codeNumbers, type Code } from "../../src/errors/index.ts";
import type { DropMoment, FaultRule } from "../../src/emulator/index.ts";

/** A fault that the first call of a method meets. */
export interface Fault {
  /** Where it strikes, e.g. `status before acceptance`; `none` for the call that nothing strikes. */
  readonly place: string;
  /** The status that is answered, where one is. */
  readonly code?: Code;
  /** What the emulator is told; undefined for nothing. */
  readonly rule?: FaultRule;
  /** Calls an address where nobody listens. */
  readonly isRefused?: true;
  /** Whether the answer that the caller gets is a whole one of success. */
  readonly answersOk: boolean;
  /** Whether the call takes effect. */
  readonly accepts: boolean;
}

/** The 16 codes that are not OK. */
const codes = (Object.keys(codeNumbers) as Code[]).filter((code) => code !== "OK");

const moments = [
  ["before acceptance", "beforeAcceptance"],
  ["after acceptance", "afterAcceptance"],
] as const;

const drops: readonly (readonly [string, DropMoment])[] = [
  ["dropped before headers", "beforeHeaders"],
  ["dropped mid-response", "afterHeaders"],
];

/** No fault. */
export const unstruck: Fault = { place: "none", answersOk: true, accepts: true };

/** Every fault of the matrix, none first. */
export const faults: readonly Fault[] = [
  unstruck,
  { place: "connection refused", isRefused: true, answersOk: false, accepts: false },
  ...moments.flatMap(([moment, when]) =>
    codes.map((code): Fault => ({
      place: `status ${moment}`,
      code,
      rule: { when, status: { code, message: "injected" } },
      answersOk: false,
      accepts: when === "afterAcceptance",
    })),
  ),
  ...moments.flatMap(([moment, when]) =>
    drops.map(([drop, dropConnection]): Fault => ({
      place: `${drop}, ${moment}`,
      rule: { when, dropConnection },
      answersOk: false,
      accepts: when === "afterAcceptance",
    })),
  ),
  {
    place: "dropped after the response",
    rule: { when: "afterAcceptance", dropConnection: "afterResponse" },
    answersOk: true,
    accepts: true,
  },
];
