import { execFile } from "node:child_process";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect } from "chai";
import {
  createDirectoryStore,
  readResults,
  SubmitError,
  VisionBatchClient,
  VisionBatchError,
  type VisionBatchClientOptions,
} from "../../src/index.ts";
import { runCli } from "../cli/spawn-cli.ts";
import { collect } from "../fixtures/collect.ts";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";

const root = join(import.meta.dirname, "../..");

describe("VisionBatchClient over REST", () => {
  let running: TestEmulator;

  before(async () => {
    running = await TestEmulator.start();
  });

  beforeEach(() => running.emulator.admin.reset());

  after(() => running.close());

  const image = {
    image: { source: { imageUri: "gs://inputs/a.png" } },
    features: [{ type: "LABEL_DETECTION" as const }],
  };
  const outputConfig = { gcsDestination: { uri: "gs://out/rest/" } };
  const addresses = () => ({ grpc: running.emulator.grpc, rest: running.emulator.http });
  const open = (options: Omit<VisionBatchClientOptions, "transport" | "version"> = {}) =>
    new VisionBatchClient({ transport: "rest", emulator: addresses(), ...options });
  const admin = () => running.emulator.admin;

  it("submits, waits and reads the results", async () => {
    await using client = open();
    const uris = ["gs://inputs/1.png", "gs://inputs/2.png"];
    const requests = uris.map((imageUri) => ({ ...image, image: { source: { imageUri } } }));
    const operation = await client.asyncBatchAnnotateImages({ requests, outputConfig });
    const result = await operation.wait();
    expect(result.outputConfig?.gcsDestination?.uri).to.equal("gs://out/rest/");
    const results = readResults(createDirectoryStore(running.emulator.directory), {
      prefix: "gs://out/rest/",
      inputs: uris,
    });
    expect((await collect(results)).map(({ status }) => status)).to.deep.equal([
      "succeeded",
      "succeeded",
    ]);
    expect(admin().submits()[0]).to.include({ transport: "rest", version: "v1", inputCount: 2 });
  });

  it("calls v1p1beta1 projects.images.asyncBatchAnnotate with its parent and labels", async () => {
    await using client = new VisionBatchClient({
      version: "v1p1beta1",
      transport: "rest",
      emulator: addresses(),
    });
    for (const parent of ["projects/p", "projects/p/locations/eu"]) {
      const operation = await client.asyncBatchAnnotateImages({
        requests: [image],
        outputConfig,
        parent,
        labels: { team: "a" },
      });
      expect(operation.name).to.match(new RegExp(`^${parent}/operations/`));
      const { outputConfig: written } = await operation.wait();
      expect(written?.gcsDestination?.uri).to.equal("gs://out/rest/");
    }
    expect(
      admin()
        .submits()
        .map(({ version }) => version),
    ).to.deep.equal(["v1p1beta1", "v1p1beta1"]);
  });

  it("names the location in the parent of versions whose protos have none", async () => {
    await using client = new VisionBatchClient({
      version: "v1p2beta1",
      transport: "rest",
      emulator: addresses(),
      location: "eu",
      projectId: "p",
    });
    const operation = await client.asyncBatchAnnotateImages({ requests: [image], outputConfig });
    expect(operation.name).to.match(/^projects\/p\/locations\/eu\/operations\//);
  });

  it("finds features that only later protos of a version's methods have", async () => {
    await using client = new VisionBatchClient({
      version: "v1p1beta1",
      transport: "rest",
      emulator: addresses(),
    });
    const features = [{ type: "OBJECT_LOCALIZATION" as const }];
    const { responses } = await client.batchAnnotateImages({ requests: [{ ...image, features }] });
    expect(responses[0]?.localizedObjectAnnotations).to.be.an("array");
  });

  it("goes on over REST with an operation that was started over gRPC, and the other way round", async () => {
    await using rest = open();
    await using grpc = new VisionBatchClient({ emulator: addresses() });
    admin().holdOperations(true);
    const started = await grpc.asyncBatchAnnotateImages({ requests: [image], outputConfig });
    const token = JSON.stringify(started);
    expect(await rest.operation(token).cancel()).to.equal("requested");
    const snapshot = await grpc.operation(token).poll();
    const overRest = await rest.operation(token).poll();
    expect(overRest.state).to.equal(snapshot.state);
    expect(overRest.metadata).to.deep.equal(snapshot.metadata);
    const listed = await collect(rest.listOperations({ name: "projects/emulator" }));
    expect(listed.map(({ name }) => name)).to.deep.equal([started.name]);
  });

  it("tells what a failed submit came to, with its details", async () => {
    await using client = open();
    const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "2s" }];
    const status = { code: "RESOURCE_EXHAUSTED", message: "slow down", details } as const;
    admin().setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
    const refused = await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)));
    expect(refused).to.be.instanceOf(SubmitError);
    expect(refused).to.include({ outcome: "rejected", retryDelayMs: 2000 });
    admin().setFaults([{ when: "afterAcceptance", dropConnection: true }]);
    const lost = await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)));
    expect(lost).to.include({ code: "UNAVAILABLE", outcome: "unknown" });
    expect(admin().submits()).to.have.length(1);
  });

  it("sends nothing of a submit whose signal has aborted, or whose client is closed", async () => {
    const client = open();
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    expect(await rejection(client.asyncBatchAnnotateImages(imagesRequest(1), { signal }))).to.equal(
      reason,
    );
    await client.close();
    expect(await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)))).to.include({
      code: "FAILED_PRECONDITION",
      outcome: "rejected",
    });
    expect(admin().callCounts()).to.deep.equal({});
  });

  it("says which transport has a method that gRPC lacks", async () => {
    await using client = new VisionBatchClient({ version: "v1p1beta1", emulator: addresses() });
    const untyped = client as unknown as VisionBatchClient;
    const error = await rejection(untyped.asyncBatchAnnotateImages(imagesRequest(1)));
    expect(error).to.have.property("message").that.contains('the transport "rest"');
  });

  describe("requestStream", () => {
    it("answers with the response as it comes, of a submit that is sent once", async () => {
      await using client = open();
      const request = { requests: [image], outputConfig };
      const response = await client.requestStream("asyncBatchAnnotateImages", request);
      expect(response.status).to.equal(200);
      expect(response.headers["content-type"]).to.contain("application/json");
      const operation = JSON.parse(await textOf(response.body)) as { name: string };
      expect(operation.name).to.match(/^projects\/emulator\/operations\//);
      expect(admin().submits()).to.have.length(1);
    });

    it("refuses what the method refuses, before and after it is sent", async () => {
      await using client = open();
      const request = { requests: [{ ...image, features: [] }] };
      const unsent = await rejection(client.requestStream("batchAnnotateImages", request));
      expect(unsent).to.have.property("name", "InvalidRequestError");
      admin().setFaults([{ status: { code: "PERMISSION_DENIED", message: "no" } }]);
      const refused = await rejection(
        client.requestStream("batchAnnotateImages", { requests: [image] }),
      );
      expect(refused).to.include({ code: "PERMISSION_DENIED", outcome: "rejected" });
      expect(admin().calls("BatchAnnotateImages")).to.equal(1);
    });

    it("ends with its signal", async () => {
      await using client = open();
      const stop = new AbortController();
      const reason = new Error("stop");
      admin().setFaults([{ when: "afterAcceptance", delayMs: 60_000 }]);
      const call = client.requestStream(
        "batchAnnotateImages",
        { requests: [image] },
        { signal: stop.signal },
      );
      while (admin().calls("BatchAnnotateImages") === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      stop.abort(reason);
      const error = await rejection(call);
      expect(error).to.include({ code: "CANCELLED", outcome: "unknown", cause: reason });
    });

    it("is not to be had over gRPC", async () => {
      await using client = new VisionBatchClient({ emulator: addresses() });
      const untyped = client as unknown as VisionBatchClient<"v1", "rest">;
      const error = await rejection(
        untyped.requestStream("batchAnnotateImages", { requests: [image] }),
      );
      expect(error).to.be.instanceOf(VisionBatchError);
      expect(error).to.have.property("message").that.contains('transport: "rest"');
    });
  });

  describe("finds the emulator", () => {
    const names = ["VISION_EMULATOR_HOST", "VISION_EMULATOR_REST_HOST", "VISION_EMULATOR_HTTP"];
    afterEach(() => {
      for (const name of names) Reflect.deleteProperty(process.env, name);
    });

    it("by VISION_EMULATOR_REST_HOST, and by VISION_EMULATOR_HTTP", async () => {
      const { http } = running.emulator;
      for (const [name, address] of [
        ["VISION_EMULATOR_REST_HOST", new URL(http).host],
        ["VISION_EMULATOR_HTTP", http],
      ] as const) {
        process.env[name] = address;
        await using client = new VisionBatchClient({ transport: "rest" });
        expect((await client.batchAnnotateImages({ requests: [image] })).responses).to.have.length(
          1,
        );
        Reflect.deleteProperty(process.env, name);
      }
    });

    it("and calls nobody where it is named for the other transport alone", () => {
      process.env["VISION_EMULATOR_HOST"] = "127.0.0.1:1";
      expect(() => new VisionBatchClient({ transport: "rest" })).to.throw(VisionBatchError, /rest/);
      delete process.env["VISION_EMULATOR_HOST"];
      process.env["VISION_EMULATOR_REST_HOST"] = "127.0.0.1:1";
      expect(() => new VisionBatchClient()).to.throw(VisionBatchError, /grpc/);
      expect(
        () => new VisionBatchClient({ transport: "rest", emulator: { grpc: "127.0.0.1:1" } }),
      ).to.throw(VisionBatchError, /option emulator/);
    });
  });

  it("serves the command line", async () => {
    await running.put("gs://inputs/a.png", "\x89PNG\r\n\x1a\n");
    const job = ["--features", "LABEL_DETECTION", "--output", "gs://out/cli", "--images"];
    const { grpc, http } = running.emulator;
    const result = await runCli(["annotate", "gs://inputs/a.png", ...job, "--transport", "rest"], {
      cwd: running.emulator.directory,
      env: { VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: http },
    });
    expect(result.code, result.stderr).to.equal(0);
    expect(result.stdout).to.contain('"status":"succeeded"');
    expect(admin().submits()[0]).to.include({ transport: "rest" });
  });

  it("loads nothing of gRPC and google-gax, from its import to the end of an operation", async () => {
    const loaded = await loadedBy("rest", running.emulator);
    expect(loaded.some((url) => url.includes("/google-auth-library/"))).to.equal(true);
    const foreign = /\/(@grpc|google-gax|protobufjs)\/|\.grpc\.ts$/;
    expect(loaded.filter((url) => foreign.test(url))).to.deep.equal([]);
  });

  it("is not loaded by clients over gRPC, nor its JSON", async () => {
    const loaded = await loadedBy("grpc", running.emulator);
    expect(loaded.some((url) => url.includes("/google-gax/"))).to.equal(true);
    const foreign = /\/transport\/rest-(?!transport\.ts)|\/protocol\/json/;
    expect(loaded.filter((url) => foreign.test(url))).to.deep.equal([]);
  });
});

/** The modules that a process loads which imports the package, starts an operation and waits for it. */
async function loadedBy(
  transport: "grpc" | "rest",
  { grpc, http }: TestEmulator["emulator"],
): Promise<readonly string[]> {
  const options = { transport, emulator: { grpc, rest: http } };
  const script = `
    import { registerHooks } from "node:module";
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { VisionBatchClient } = await import("./src/index.ts");
    const client = new VisionBatchClient(${JSON.stringify(options)});
    const operation = await client.asyncBatchAnnotateImages(${JSON.stringify(imagesRequest(1))});
    await operation.wait();
    await client.close();
    console.log(JSON.stringify(loaded));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", script],
    { cwd: root },
  );
  return JSON.parse(stdout) as string[];
}
