import { expect } from "chai";
import { planSubmits, sendSubmits, type SubmitChunk } from "../../src/cli/submit-chunks.ts";
import { VisionBatchClient } from "../../src/client.ts";
import { InvalidRequestError, SubmitError } from "../../src/errors/index.ts";
import { label, TestEmulator } from "../fixtures/emulator.ts";
import { rejection } from "../fixtures/rejection.ts";

const content = "%PDF-1.7 one page";

describe("submits of the command line", () => {
  let emulator: TestEmulator;
  let client: VisionBatchClient;
  let accepted: string[];

  beforeEach(async () => {
    emulator = await TestEmulator.start({ pages: { [content]: [label] } });
    client = new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc } });
    accepted = [];
  });

  afterEach(async () => {
    await client.close();
    await emulator.close();
  });

  const admin = () => emulator.emulator.admin;
  const { signal } = new AbortController();

  function plan(names: readonly string[]): Promise<readonly SubmitChunk[]> {
    const options = {
      ...{ output: "gs://out/job/", features: ["LABEL_DETECTION" as const], batchSize: 1 },
      ...{ imageContext: { languageHints: ["en"] }, labels: { team: "test" } },
    };
    const inputs = names.map((name) => `gs://inputs/${name}`);
    return planSubmits(inputs, { options, runId: "run" }, { version: "v1", signal });
  }

  async function send(
    chunks: readonly SubmitChunk[],
    service: Pick<VisionBatchClient, SubmitMethodName> = client,
  ): Promise<void> {
    await sendSubmits(chunks, service as VisionBatchClient, {
      signal,
      onAccepted: ({ prefix }) => void accepted.push(prefix),
    });
  }

  it("gives every request a prefix of its own, and every document", async () => {
    const chunks = await plan(["a.png", "b.pdf", "c.pdf"]);
    await send(chunks);
    expect(chunks.map(({ state, inputs }) => [state, inputs])).to.deep.equal([
      ["accepted", 1],
      ["accepted", 2],
    ]);
    expect(accepted.sort()).to.deep.equal([
      "gs://out/job/run/000000/1/",
      "gs://out/job/run/000001/1/",
    ]);
    const prefixes = admin()
      .submits()
      .flatMap(({ outputPrefixes }) => outputPrefixes);
    expect(prefixes.sort()).to.deep.equal([
      "gs://out/job/run/000000/1/",
      "gs://out/job/run/000001/1/0/",
      "gs://out/job/run/000001/1/1/",
    ]);
  });

  it("plans nothing where an input is wrong", async () => {
    expect(await rejection(plan(["a.png", ""]))).to.be.instanceOf(InvalidRequestError);
  });

  it("sends again what was rejected for now, under another prefix", async () => {
    const status = { code: "RESOURCE_EXHAUSTED", message: "slow" } as const;
    admin().setFaults([{ method: "AsyncBatchAnnotateImages", times: 1, status }]);
    await send(await plan(["a.png"]));
    expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(2);
    expect(accepted).to.deep.equal(["gs://out/job/run/000000/2/"]);
  });

  it("does not send again what was rejected for good, or may have been accepted", async () => {
    for (const [fault, state] of [
      [{ status: { code: "PERMISSION_DENIED", message: "no" } }, "rejected"],
      [{ when: "afterAcceptance", dropConnection: true }, "unknown"],
    ] as const) {
      admin().setFaults([{ method: "AsyncBatchAnnotateImages", ...fault }]);
      const chunks = await plan(["a.png"]);
      const before = admin().calls("AsyncBatchAnnotateImages");
      await send(chunks);
      expect(chunks.map((chunk) => chunk.state)).to.deep.equal([state]);
      expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(before + 1);
    }
    expect(accepted).to.deep.equal([]);
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
    const chunks = await plan(Array.from({ length: 20_000 }, (_, index) => `${index}.png`));
    await send(chunks, { asyncBatchAnnotateImages: fail, asyncBatchAnnotateFiles: fail });
    expect(sent).to.be.at.most(5);
    expect(chunks).to.have.length(10);
    expect(chunks.filter(({ state }) => state === "planned")).to.have.length(10 - sent);
  });
});

type SubmitMethodName = "asyncBatchAnnotateImages" | "asyncBatchAnnotateFiles";
