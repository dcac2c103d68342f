import { expect } from "chai";
import type { JobInput } from "../../../src/cli/inputs/input.ts";
import { Job } from "../../../src/cli/job/job.ts";
import { VisionBatchClient } from "../../../src/client.ts";
import { InvalidRequestError, SubmitError } from "../../../src/errors/index.ts";
import { label, TestEmulator, until } from "../../fixtures/emulator.ts";

const content = "%PDF-1.7 one page";

describe("Job", () => {
  let emulator: TestEmulator;
  let client: VisionBatchClient;
  let pauses: number[];
  let cancels: string[];

  beforeEach(async () => {
    emulator = await TestEmulator.start({ pages: { [content]: [label] } });
    client = new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });
    pauses = [];
    cancels = [];
  });

  afterEach(async () => {
    await client.close();
    await emulator.close();
  });

  async function createJob(names: readonly string[] = ["a.png", "b.png"]): Promise<Job> {
    const inputs = names.map((name, index): JobInput => {
      const place = { index, given: name, uri: `gs://inputs/${name}` };
      return name.endsWith(".pdf")
        ? { ...place, kind: "document", mimeType: "application/pdf" }
        : { ...place, kind: "image" };
    });
    for (const { uri } of inputs) await emulator.put(uri, content);
    return newJob(inputs);
  }

  function newJob(inputs: readonly JobInput[], service = client): Job {
    const context = {
      client: service,
      output: "gs://out/job/",
      runId: "run",
      features: [{ type: "LABEL_DETECTION" as const }],
      languageHints: ["en"],
      batchSize: 1,
      labels: { team: "test" },
      onChange: () => undefined,
      pause: (delayMs: number) => {
        pauses.push(delayMs);
        return Promise.resolve(true);
      },
    };
    return new Job(inputs, context, (_name, outcome) => void cancels.push(outcome));
  }

  const admin = () => emulator.emulator.admin;

  it("writes every chunk under a prefix of its own, and every document", async () => {
    const job = await createJob(["a.png", "b.pdf", "c.pdf"]);
    await job.check();
    await job.run();
    expect(job.states).to.deep.equal({ succeeded: 2 });
    expect(
      admin()
        .submits()
        .flatMap(({ outputPrefixes }) => outputPrefixes)
        .sort(),
    ).to.deep.equal([
      "gs://out/job/run/000000/1/",
      "gs://out/job/run/000001/1/0/",
      "gs://out/job/run/000001/1/1/",
    ]);
    expect(job.sources.map(({ prefix, inputs }) => [prefix, inputs?.length])).to.deep.equal([
      ["gs://out/job/run/000000/1/", 1],
      ["gs://out/job/run/000001/1/0/", 1],
      ["gs://out/job/run/000001/1/1/", 1],
    ]);
    expect(await emulator.list("gs://out/job/run/000000/1")).to.deep.equal(["output-1-to-1.json"]);
  });

  it("sends nothing where a request is wrong", async () => {
    const bad = newJob([{ index: 0, given: "x", uri: "gs://inputs", kind: "image" }]);
    const error: unknown = await bad.check().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(InvalidRequestError);
    expect(admin().submits()).to.deep.equal([]);
  });

  it("sends again what was rejected for now, under another prefix", async () => {
    admin().setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        times: 2,
        status: { code: "RESOURCE_EXHAUSTED", message: "slow" },
      },
    ]);
    const job = await createJob();
    await job.run();
    expect(job.states).to.deep.equal({ succeeded: 1 });
    expect(
      admin()
        .submits()
        .map(({ outputPrefixes }) => outputPrefixes),
    ).to.deep.equal([["gs://out/job/run/000000/3/"]]);
    expect(pauses).to.have.length(2);
    expect(pauses[1]).to.be.greaterThan(500);
  });

  it("does not send again what was rejected for good", async () => {
    admin().setFaults([
      { method: "AsyncBatchAnnotateImages", status: { code: "PERMISSION_DENIED", message: "no" } },
    ]);
    const job = await createJob();
    await job.run();
    expect(job.states).to.deep.equal({ rejected: 1 });
    expect(job.serviceFailed).to.equal(true);
    expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(1);
    expect(job.sources.map(({ prefix }) => prefix)).to.deep.equal([undefined]);
  });

  it("does not send again what may have been accepted, and looks for its results", async () => {
    admin().setFaults([
      { method: "AsyncBatchAnnotateImages", when: "afterAcceptance", dropConnection: true },
    ]);
    const job = await createJob();
    await job.run();
    expect(job.states).to.deep.equal({ unknown: 1 });
    expect(admin().submits()).to.have.length(1);
    expect(job.sources.map(({ prefix }) => prefix)).to.deep.equal(["gs://out/job/run/000000/1/"]);
  });

  it("tells of an operation that fails", async () => {
    admin().setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        when: "operation",
        status: { code: "INTERNAL", message: "broken" },
      },
    ]);
    const job = await createJob();
    await job.run();
    expect(job.states).to.deep.equal({ failed: 1 });
    expect(job.chunks[0]?.error?.message).to.contain("broken");
  });

  it("leaves operations running", async () => {
    admin().holdOperations(true);
    const job = await createJob();
    const running = job.run();
    await until(() => job.running.length === 1);
    job.leave();
    await running;
    const [operation] = admin().operations();
    expect(operation).to.include({ done: false, cancels: 0 });
    expect(job.running[0]?.handle?.name).to.equal(operation?.name);
  });

  it("is left where the service does not cancel what it accepted meanwhile", async () => {
    admin().holdOperations(true);
    admin().setFaults([
      { method: "AsyncBatchAnnotateImages", when: "afterAcceptance", delayMs: 200 },
      { method: "CancelOperation", status: { code: "UNIMPLEMENTED", message: "no" } },
    ]);
    const job = await createJob();
    const running = job.run();
    await until(() => admin().submits().length === 1);
    await job.cancel();
    await running;
    expect(cancels).to.deep.equal(["unsupported"]);
    expect(job.states).to.deep.equal({ running: 1 });
  });

  it("sends nothing more once the service cannot be reached", async () => {
    const away = new SubmitError("no connection", {
      ...{ code: "UNAVAILABLE", details: [], message: "", method: "m", outcome: "rejected" },
    });
    let sent = 0;
    const fail = () => {
      sent++;
      return Promise.reject(away);
    };
    const unreachable = { version: "v1", asyncBatchAnnotateImages: fail } as const;
    const job = newJob(
      Array.from({ length: 20_000 }, (_, index) => ({
        ...{ index, given: "a", uri: "gs://inputs/a.png", kind: "image" as const },
      })),
      unreachable as unknown as VisionBatchClient,
    );
    await job.run();
    expect(sent).to.be.at.most(4);
    expect(job.serviceFailed).to.equal(true);
    expect(job.chunks).to.have.length(10);
    for (const source of job.sources) {
      expect(source.prefix).to.equal(undefined);
      expect(source.error).to.equal(away);
    }
  });

  it("cancels operations and follows them to their end", async () => {
    admin().holdOperations(true);
    const job = await createJob();
    const running = job.run();
    await until(() => job.running.length === 1);
    await job.cancel();
    await running;
    expect(cancels).to.deep.equal(["requested"]);
    expect(job.states).to.deep.equal({ cancelled: 1 });
    expect(admin().operations()[0]).to.include({ state: "CANCELLED" });
  });
});
