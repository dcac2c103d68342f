import { expect } from "chai";
import { VisionBatchError } from "../../../src/errors/index.ts";
import { parseFaultRules } from "../../../src/emulator/faults/parse-fault-rules.ts";

const unavailable = { status: { code: "UNAVAILABLE", message: "try later" } };

const bad: readonly (readonly [string, unknown, RegExp])[] = [
  ["no list", { rule: [] }, /list of rules/],
  ["a rule that is no object", ["x"], /rule 0 is not an object/],
  ["an unknown field", [{ ...unavailable, after: 3 }], /unknown field after/],
  ["an unknown service", [{ ...unavailable, service: "speech" }], /service must be one of vision/],
  ["an unknown code", [{ status: { code: "BAD" } }], /code "BAD".*UNAVAILABLE/],
  ["a numeric code", [{ status: { code: 14 } }], /code 14/],
  ["details without a type", [{ status: { code: "ABORTED", details: [{}] } }], /"@type"/],
  ["a call number of 0", [{ ...unavailable, nth: 0 }], /nth must be an integer from 1/],
  ["no call numbers", [{ ...unavailable, nth: [] }], /nth/],
  ["a probability above 1", [{ ...unavailable, probability: 1.5 }], /0 to 1/],
  ["a negative delay", [{ delayMs: -1 }], /delayMs must be a number from 0/],
  ["a rule without effect", [{ method: "*" }], /does nothing/],
  ["both a status and a drop", [{ ...unavailable, dropConnection: true }], /both/],
  ["an operation without a status", [{ when: "operation", delayMs: 1 }], /no status/],
  ["a dropped operation", [{ when: "operation", dropConnection: true }], /only for the status/],
  [
    "an operation of storage",
    [{ ...unavailable, when: "operation", service: "storage" }],
    /only for the status/,
  ],
  ["OK before acceptance", [{ status: { code: "OK" } }], /OK, which is only for "operation"/],
  ["afterBytes without storage", [{ dropConnection: true, afterBytes: 1 }], /afterBytes/],
  ["output without a shard", [{ when: "output" }], /when "output" and no shard/],
  [
    "output with a status",
    [{ ...unavailable, when: "output", shard: "missing" }],
    /with which status cannot go/,
  ],
  [
    "output of storage",
    [{ when: "output", shard: "missing", service: "storage" }],
    /only for service "vision"/,
  ],
  ["an unknown fault of a shard", [{ when: "output", shard: "late" }], /shard must be one of/],
  ["a shard of a call", [{ ...unavailable, shard: "missing" }], /only for when "output"/],
  [
    "a drop after the response that was not accepted",
    [{ service: "vision", dropConnection: "afterResponse" }],
    /needs when "afterAcceptance"/,
  ],
  [
    "a drop after the response of any service",
    [{ when: "afterAcceptance", dropConnection: "afterResponse" }],
    /service "vision" or "operations"/,
  ],
];

describe("parseFaultRules", () => {
  for (const [title, script, says] of bad) {
    it(`refuses ${title}`, () => {
      expect(() => parseFaultRules(script)).to.throw(VisionBatchError, says);
    });
  }

  it("names every problem of every rule", () => {
    const script = [
      { delayMs: -1, nth: 0 },
      { ...unavailable, times: 0 },
    ];
    expect(() => parseFaultRules(script)).to.throw(/rule 0: delayMs.*rule 0: nth.*rule 1: times/);
  });

  it("takes a list and an object with rules, and gives a status a message", () => {
    const rule = { method: "Get*", nth: [1, 3], status: { code: "ABORTED" } };
    const parsed = [{ ...rule, status: { code: "ABORTED", message: "injected fault" } }];
    expect(parseFaultRules([rule])).to.deep.equal(parsed);
    expect(parseFaultRules({ rules: [rule] })).to.deep.equal(parsed);
  });
});
