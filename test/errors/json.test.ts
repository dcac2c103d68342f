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

  it("can be cloned to another thread, where the message is left of them", () => {
    expect(structuredClone(error)).to.be.instanceOf(Error).and.include({ message: "it failed" });
  });

  it("find a detail by its short and by its full name", () => {
    expect(error.findDetail("ErrorInfo")).to.equal(details[0]?.value);
    expect(error.findDetail("google.rpc.ErrorInfo")).to.equal(details[0]?.value);
    expect(error.findDetail("QuotaFailure")).to.equal(undefined);
  });
});
