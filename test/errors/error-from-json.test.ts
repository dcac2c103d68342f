import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import * as errors from "../../src/errors/index.ts";

const {
  errorFromJson,
  InvalidRequestError,
  OperationCancelledError,
  OperationFailedError,
  RpcError,
  SubmitError,
  VisionBatchError,
} = errors;

const prefix = "type.googleapis.com/";
const status = {
  code: "RESOURCE_EXHAUSTED",
  message: "slow down",
  details: [
    { typeUrl: `${prefix}google.rpc.ErrorInfo`, value: { reason: "RATE", domain: "d" } },
    { typeUrl: `${prefix}google.rpc.RetryInfo`, value: { retryDelay: "1.5s" } },
    { typeUrl: `${prefix}example.Unknown`, bytes: Uint8Array.of(1, 2, 255) },
  ],
} as const;
const call = { ...status, method: "S/M" };
const place = { typeName: "google.rpc.Status", path: "details[0]" };
const options = { cause: new TypeError("below") };

/** One of each class. */
const samples: readonly InstanceType<typeof VisionBatchError>[] = [
  new VisionBatchError("plain", options),
  new InvalidRequestError("the request", [{ field: "requests", value: 1, message: "wrong" }]),
  new errors.JsonDecodeError("problem", place),
  new errors.JsonEncodeError("problem", place),
  new errors.MissingPackageError("sharp", "TIFF"),
  new errors.OperationError("lost", "operations/x"),
  new OperationFailedError("operations/x", status),
  new OperationCancelledError("operations/x", { ...status, code: "CANCELLED" }),
  new errors.OperationResultError("no result", "operations/x"),
  new errors.WaitTimeoutError("operations/x", 1000),
  new errors.ShardError("cut off", { uri: "gs://b/o", byteOffset: 7 }),
  new errors.ResultCountError(10, 9),
  new errors.ReadMaskError("a.b", "no such field"),
  new errors.InputOrderError(3, 1024),
  new errors.CursorError("damaged"),
  new RpcError("failed", { ...call, operationName: "operations/x" }, options),
  new SubmitError("failed", { ...call, outcome: "rejected" }, options),
  new errors.JournalError("no room", { reason: "full", journal: "sqlite:runs.db" }, options),
  new errors.RunConflictError("scans", [
    { field: "inputs.length", planned: 3, given: 2 },
    { field: "batchSize", planned: 20, given: null },
  ]),
  new errors.StorageError("gone", { reason: "notFound", uri: "gs://b/o" }, options),
];

/** What an error tells, its fields and what it derives of them. */
function told(error: Error): object {
  const { stack: _stack, cause: _cause, ...fields } = error;
  const derived = ["message", "codeNumber", "reason", "domain", "retryDelayMs", "difference"];
  const values = derived.map((key): [string, unknown] => [key, Reflect.get(error, key)]);
  return { ...fields, ...Object.fromEntries(values) };
}

describe("errorFromJson", () => {
  it("knows every class of the error tree", () => {
    const classes = Object.values(errors).filter(
      (each) => typeof each === "function" && each.prototype instanceof Error,
    );
    const sampled = new Set<unknown>(samples.map((each) => each.constructor));
    expect(classes.filter((each) => !sampled.has(each))).to.deep.equal([]);
  });

  for (const error of samples) {
    it(`restores ${error.name}, through JSON and through a clone`, () => {
      for (const json of [
        JSON.parse(JSON.stringify(error)) as unknown,
        structuredClone(error.toJSON()),
      ]) {
        const restored = errorFromJson(json);
        expect(restored).to.be.instanceOf(error.constructor);
        expect(Object.getPrototypeOf(restored)).to.equal(Object.getPrototypeOf(error));
        expect(told(restored)).to.deep.equal(told(error));
        expect(String(restored)).to.equal(String(error));
        expect(restored.cause).to.equal(error.cause && "TypeError: below");
        expect(restored.toJSON()).to.deep.equal(error.toJSON());
      }
    });
  }

  it("brings an error out of a worker", async () => {
    const source = `
      import { parentPort } from "node:worker_threads";
      import { SubmitError } from ${JSON.stringify(import.meta.resolve("../../src/errors/index.ts"))};
      const fields = { code: "UNAVAILABLE", message: "m", details: [], method: "S/M" };
      const cause = { method() {} };
      const error = new SubmitError("it failed", { ...fields, outcome: "unknown" }, { cause });
      parentPort.postMessage({ whole: error, json: error.toJSON() });
    `;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`));
    const [{ whole, json }] = (await once(worker, "message")) as [{ whole: Error; json: unknown }];
    await worker.terminate();
    expect(whole).to.be.instanceOf(Error).and.include({ message: "it failed" });
    expect(errorFromJson(json))
      .to.be.instanceOf(SubmitError)
      .and.include({ code: "UNAVAILABLE", outcome: "unknown", method: "S/M" });
  });

  it("keeps the name and the fields of a class that it does not know", () => {
    const restored = errorFromJson({ name: "LaterError", message: "m", chunk: 4 });
    expect(restored).to.be.instanceOf(VisionBatchError);
    expect(restored).to.include({ name: "LaterError", message: "m", chunk: 4 });
  });

  it("never makes a damaged submit one that may be sent again", () => {
    const damaged = [
      {},
      { outcome: "Rejected" },
      { outcome: ["rejected"] },
      { code: 8, details: 1 },
    ];
    for (const fields of damaged) {
      const restored = errorFromJson({ name: "SubmitError", message: "m", ...fields });
      expect(restored).to.include({ outcome: "unknown", code: "UNKNOWN" });
      expect(restored.toJSON()).to.deep.include({ details: [] });
    }
  });

  it("takes no methods, getters or prototypes from JSON", () => {
    const json = JSON.parse(
      '{"name":"RpcError","message":"m","toJSON":1,"codeNumber":1,"__proto__":{"polluted":1},"constructor":1}',
    ) as unknown;
    const restored = errorFromJson(json);
    expect(Object.getPrototypeOf(restored)).to.equal(RpcError.prototype);
    expect(restored.toJSON()).to.include({ code: "UNKNOWN" });
    expect(restored).to.not.have.property("polluted");
    expect(Object.keys(restored)).to.have.members(["name", "code", "details"]);
  });

  it("refuses what is not the JSON of an error", () => {
    for (const json of [
      undefined,
      null,
      1,
      "SubmitError",
      [],
      {},
      { name: "x" },
      { message: "m" },
    ]) {
      expect(() => errorFromJson(json)).to.throw(VisionBatchError, "not the JSON of an error");
    }
  });
});

describe("toJSON", () => {
  it("is plain whatever a request had in it", () => {
    const circular: Record<string, unknown> = { deep: { big: 2n ** 70n } };
    circular["self"] = circular;
    const values = [() => 1, Symbol("s"), 1n, circular, new Date(0), Uint8Array.of(1), new Map()];
    const problems = values.map((value) => ({ field: "f", value, message: "wrong" }));
    const json = new InvalidRequestError("it", problems).toJSON();
    expect(structuredClone(json)).to.deep.equal(json);
    expect(JSON.parse(JSON.stringify(json))).to.deep.equal(json);
  });
});
