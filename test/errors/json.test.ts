import { expect } from "chai";
import {
  InvalidRequestError,
  OperationFailedError,
  RpcError,
  SubmitError,
  VisionBatchError,
} from "../../src/errors/index.ts";

const prefix = "type.googleapis.com/";
const details = [
  { typeUrl: `${prefix}google.rpc.ErrorInfo`, value: { reason: "RATE", domain: "d" } },
  { typeUrl: `${prefix}google.rpc.RetryInfo`, value: { retryDelay: "1.5s" } },
  { typeUrl: `${prefix}example.Unknown`, bytes: Uint8Array.of(1, 2, 255) },
];
const status = { code: "RESOURCE_EXHAUSTED", message: "slow down", details } as const;
const jsonDetails = [details[0], details[1], { typeUrl: details[2]?.typeUrl, bytes: "AQL/" }];

function throughJson(error: Error): unknown {
  return JSON.parse(JSON.stringify(error));
}

describe("errors as JSON", () => {
  it("keep everything that a failed submit told", () => {
    const cause = new TypeError("below");
    const fields = { ...status, method: "S/M", outcome: "rejected" } as const;
    expect(throughJson(new SubmitError("it failed", fields, { cause }))).to.deep.equal({
      name: "SubmitError",
      message: "it failed",
      code: "RESOURCE_EXHAUSTED",
      method: "S/M",
      outcome: "rejected",
      details: jsonDetails,
      reason: "RATE",
      domain: "d",
      retryDelayMs: 1500,
      cause: "TypeError: below",
    });
  });

  it("keep everything that a failed operation told", () => {
    expect(throughJson(new OperationFailedError("operations/x", status))).to.deep.equal({
      name: "OperationFailedError",
      message: "operation operations/x failed with RESOURCE_EXHAUSTED: slow down",
      operationName: "operations/x",
      code: "RESOURCE_EXHAUSTED",
      details: jsonDetails,
      reason: "RATE",
      domain: "d",
      retryDelayMs: 1500,
    });
  });

  it("keep the problems of a request", () => {
    const problems = [{ field: "requests", value: 1, message: "expected a list" }];
    expect(throughJson(new InvalidRequestError("the request", problems))).to.deep.include({
      problems,
    });
  });
});

describe("errors of one base", () => {
  const error = new SubmitError("it failed", { ...status, method: "S/M", outcome: "unknown" });

  it("are told apart by their class and by their name", () => {
    expect(error).to.be.instanceOf(RpcError).and.instanceOf(VisionBatchError);
    expect(error.name).to.equal("SubmitError");
    expect(String(error)).to.equal("SubmitError: it failed");
    expect(error.codeNumber).to.equal(8);
  });

  it("find the details of a type by its short and by its full name, in order", () => {
    const second = { typeUrl: `${prefix}google.rpc.ErrorInfo`, value: { reason: "SECOND" } };
    const several = new RpcError("x", { ...status, details: [...details, second], method: "S/M" });
    expect(several.findDetails("ErrorInfo")).to.deep.equal([details[0]?.value, second.value]);
    expect(several.findDetails("google.rpc.ErrorInfo")).to.have.length(2);
    expect(several.findDetails("QuotaFailure")).to.deep.equal([]);
    expect(several.findDetails("example.Unknown")).to.deep.equal([]);
    expect(several).to.include({ reason: "RATE", domain: "d", retryDelayMs: 1500 });
  });

  it("tell the same of a failed operation as of a failed call", () => {
    const failed = new OperationFailedError("operations/x", status);
    expect(failed).to.include({ reason: "RATE", domain: "d", retryDelayMs: 1500, codeNumber: 8 });
    expect(failed.findDetails("RetryInfo")).to.deep.equal([{ retryDelay: "1.5s" }]);
  });

  it("have no fields but those that tell something", () => {
    expect(Object.keys(new RpcError("x", { ...status, method: "S/M" }))).to.have.members([
      "name",
      "code",
      "details",
      "method",
    ]);
  });
});

describe("errors that are cloned", () => {
  const method = (): undefined => undefined;
  const nested = new Error("middle", { cause: { method } });
  const circular = new Error("in itself");
  circular.cause = circular;
  const causes: readonly [string, unknown][] = [
    ["an error", new TypeError("below")],
    ["an error upon what cannot be cloned", nested],
    ["an error in itself", circular],
    ["an object with a method", { method }],
    ["a function", method],
    ["a symbol", Symbol("stop")],
    ["text", "stop"],
    ["nothing", undefined],
  ];
  for (const [what, cause] of causes) {
    it(`keep their message whatever they came of: ${what}`, () => {
      const error = new VisionBatchError("it failed", { cause });
      expect(error.cause).to.equal(cause);
      expect(structuredClone(error)).to.be.instanceOf(Error).and.include({ message: "it failed" });
      expect(structuredClone(error.toJSON())).to.include({ message: "it failed" });
    });
  }
});
