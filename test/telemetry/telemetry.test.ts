import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { MissingPackageError, OperationFailedError, RpcError } from "../../src/errors/index.ts";
import { errorType, metrics, Telemetry, type Meter } from "../../src/telemetry/index.ts";
import { rejection } from "../fixtures/rejection.ts";

const start = { activity: "submit", name: "a submit", attributes: {} } as const;

const source = pathToFileURL(join(import.meta.dirname, "../../src/")).href;
const run = promisify(execFile);

/** A program in which the package is not to be found, as far as this one loads it. */
const without = (options: string): string => `
  import { registerHooks } from "node:module";
  registerHooks({
    resolve: (name, context, next) => {
      if (name !== "@opentelemetry/api" || !context.parentURL.includes("/src/")) {
        return next(name, context);
      }
      const missing = new Error("Cannot find package " + name);
      throw Object.assign(missing, { code: "ERR_MODULE_NOT_FOUND" });
    },
  });
  const { VisionBatchClient } = await import("${source}index.ts");
  const client = new VisionBatchClient({ emulator: { grpc: "127.0.0.1:1" }, ${options} });
  const requests = [{
    image: { source: { imageUri: "gs://inputs/1.png" } }, features: [{ type: "LABEL_DETECTION" }],
  }];
  const outputConfig = { gcsDestination: { uri: "gs://out/run/" } };
  const timeoutMs = 100;
  for (const call of [
    () => client.asyncBatchAnnotateImages({ requests, outputConfig }, { timeoutMs }),
    () => client.operation("operations/1").poll({ timeoutMs }),
  ]) {
    await call().catch(({ name, packageName }) => console.log(name, packageName));
  }
  await client.close();
`;

/** A meter that notes what it is told. */
function noting(told: unknown[][]): Meter {
  return {
    add: ({ name }, amount, labels) => told.push([name, amount, labels]),
    record: ({ name }, value, labels) => told.push([name, value, labels]),
  };
}

describe("telemetry", () => {
  it("is not in the way where nobody asks for it: the work is done at once, with nothing around it", async () => {
    const telemetry = new Telemetry();
    const answer = Promise.resolve(1);
    expect(telemetry.isOn).to.equal(false);
    expect(telemetry.span(start, () => answer)).to.equal(answer);
    expect(telemetry.outside(() => 2)).to.equal(2);
    await telemetry.open();
    await telemetry.span(start, (span) => {
      expect(span.traceparent).to.equal(undefined);
      return answer;
    });
  });

  it("passes metrics on to all that have joined, until they leave", () => {
    const telemetry = new Telemetry();
    const [first, second]: [unknown[][], unknown[][]] = [[], []];
    const joined = telemetry.join(noting(first));
    telemetry.join(noting(second));
    expect(telemetry.isOn).to.equal(true);
    telemetry.add(metrics.journalFailures, 1, {});
    joined[Symbol.dispose]();
    telemetry.record(metrics.collectDuration, 2, { "error.type": "ABORTED" });
    expect(first).to.deep.equal([["vision_batch.journal.failures", 1, {}]]);
    expect(second).to.deep.equal([
      ...first,
      ["vision_batch.collect.duration", 2, { "error.type": "ABORTED" }],
    ]);
  });

  it("counts what is under way down again where it fails", async () => {
    const telemetry = new Telemetry();
    const told: unknown[][] = [];
    telemetry.join(noting(told));
    const error = new Error("no");
    expect(await rejection(telemetry.span(start, () => Promise.reject(error)))).to.equal(error);
    expect(told.map(([, amount]) => amount)).to.deep.equal([1, -1]);
  });

  for (const [error, type] of [
    [new RpcError("m", { code: "ABORTED", message: "", details: [], method: "m" }), "ABORTED"],
    [new OperationFailedError("o", { code: "INTERNAL", message: "", details: [] }), "INTERNAL"],
    [new MissingPackageError("pg", "a journal"), "MissingPackageError"],
    [AbortSignal.abort().reason, "AbortError"],
    [new TypeError("gs://secret/name"), "_OTHER"],
    ["text", "_OTHER"],
  ] as const) {
    it(`knows ${String(error)} by ${type}, one of few`, () => {
      expect(errorType(error)).to.equal(type);
    });
  }

  it("gives metrics the names that OpenTelemetry has rules for", () => {
    for (const { name, unit, labels, description } of Object.values(metrics)) {
      for (const each of [name, ...labels]) expect(each).to.match(/^[a-z]+(?:[._][a-z]+)+$/);
      expect(unit).to.match(/^(?:s|By|\{[a-z]+\})$/);
      expect(description).to.match(/\.$/);
    }
  });

  for (const [options, lines] of [
    ["", ["SubmitError undefined", "RpcError undefined"]],
    [
      'telemetry: "opentelemetry"',
      ["MissingPackageError @opentelemetry/api", "MissingPackageError @opentelemetry/api"],
    ],
  ] as const) {
    it(`needs its package ${options === "" ? "never" : "before the first call"} with { ${options} }`, async () => {
      const program = without(options);
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
      expect(stdout.trim().split("\n")).to.deep.equal(lines);
    });
  }
});
