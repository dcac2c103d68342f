import { expect } from "chai";
import {
  InvalidRequestError,
  OperationFailedError,
  OperationResultError,
  SubmitError,
  VisionBatchClient,
} from "../../src/index.ts";
import type { FaultRule } from "../../src/emulator/index.ts";
import type { RequestOf } from "../../src/index.ts";
import { startGrpcServer } from "../fixtures/grpc-server.ts";
import { imagesRequest, TestEmulator } from "../fixtures/emulator.ts";
import { openOfficialClient } from "../fixtures/official-client.ts";
import { rejection } from "../fixtures/rejection.ts";

type ImagesRequest = RequestOf<"v1", "asyncBatchAnnotateImages">;

const lostAnswers: FaultRule = {
  method: "AsyncBatchAnnotateImages",
  nth: [1, 2],
  when: "afterAcceptance",
  status: { code: "UNAVAILABLE", message: "the answer was lost" },
};

/** Reads without the pauses that a real service wants. */
const pollSchedule = { initialMs: 1, multiplier: 1, maxMs: 1, jitter: 0 };

describe("what is wrong with the official client, and is not with this one", () => {
  let emulator: TestEmulator;
  let client: VisionBatchClient;

  beforeEach(async () => {
    emulator = await TestEmulator.start();
    client = new VisionBatchClient({ emulator: { grpc: emulator.emulator.grpc }, pollSchedule });
  });

  afterEach(async () => {
    await client.close();
    await emulator.close();
  });

  const request = (count = 2): ImagesRequest => imagesRequest(count);
  const admin = () => emulator.emulator.admin;

  describe("a submit whose answer is lost twice", () => {
    it("is accepted and billed three times from the official client", async () => {
      admin().setFaults([lostAnswers]);
      const official = openOfficialClient(emulator.emulator.grpc);
      await official.asyncBatchAnnotateImages(request() as never);
      await official.close();
      expect(admin().submits()).to.have.length(3);
    });

    it("is accepted once from this one, which says that it may have been", async () => {
      admin().setFaults([lostAnswers]);
      const error = await rejection(client.asyncBatchAnnotateImages(request()));
      expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "unknown" });
      expect(admin().submits()).to.have.length(1);
      expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(1);
    });

    it("is accepted once when the connection drops instead", async () => {
      for (const dropConnection of ["beforeHeaders", "afterHeaders"] as const) {
        await admin().reset();
        const { status: _status, ...rule } = lostAnswers;
        admin().setFaults([{ ...rule, dropConnection }]);
        const error = await rejection(client.asyncBatchAnnotateImages(request()));
        expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "unknown" });
        expect(admin().submits()).to.have.length(1);
      }
    });
  });

  it("a refused submit may be sent again, and is then accepted once", async () => {
    admin().setFaults([
      {
        method: "AsyncBatchAnnotateImages",
        nth: 1,
        status: { code: "RESOURCE_EXHAUSTED", message: "quota" },
      },
    ]);
    const error = await rejection(client.asyncBatchAnnotateImages(request()));
    expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "rejected" });
    await client.asyncBatchAnnotateImages(request());
    expect(admin().submits()).to.have.length(1);
  });

  describe("a request that the service will refuse or misread", () => {
    const image = (uri: string, type = "TEXT_DETECTION") => ({
      image: { source: { imageUri: uri } },
      features: [{ type }],
    });
    const outputConfig = { gcsDestination: { uri: "gs://bucket/out/" } };
    const faulty: Record<string, [object, string]> = {
      "2,001 images": [imagesRequest(2001), "requests"],
      "an https source": [
        { requests: [image("https://example.test/a.png")], outputConfig },
        "requests[0].image.source.imageUri",
      ],
      "a batch size of 500": [imagesRequest(1, { batchSize: 500 }), "outputConfig.batchSize"],
      "an output that is not in Cloud Storage": [
        {
          requests: [image("gs://bucket/a.png")],
          outputConfig: { gcsDestination: { uri: "/tmp/x" } },
        },
        "outputConfig.gcsDestination.uri",
      ],
      "a misspelt feature": [
        { requests: [image("gs://bucket/a.png", "TEXT_DETECTON")], outputConfig },
        "requests[0].features[0].type",
      ],
    };
    for (const [what, [init, field]] of Object.entries(faulty)) {
      it(`is not sent: ${what}`, async () => {
        const error = await rejection(client.asyncBatchAnnotateImages(init));
        expect(error).to.be.instanceOf(InvalidRequestError);
        expect((error as InvalidRequestError).problems.map((problem) => problem.field)).to.include(
          field,
        );
        expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(0);
      });
    }

    it("is sent by the official client", async () => {
      const official = openOfficialClient(emulator.emulator.grpc);
      await rejection(official.asyncBatchAnnotateImages(imagesRequest(2001)));
      await official.close();
      expect(admin().calls("AsyncBatchAnnotateImages")).to.equal(1);
    });
  });

  describe("an operation", () => {
    it("that failed is an error with its details", async () => {
      const details = [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "BILLING_DISABLED",
          domain: "googleapis.com",
        },
      ];
      admin().setFaults([
        {
          method: "AsyncBatchAnnotateImages",
          when: "operation",
          status: { code: "PERMISSION_DENIED", message: "billing", details },
        },
      ]);
      const handle = await client.asyncBatchAnnotateImages(request());
      const error = await rejection(handle.wait());
      expect(error)
        .to.be.instanceOf(OperationFailedError)
        .and.include({ code: "PERMISSION_DENIED" });
      expect((error as OperationFailedError).findDetails("ErrorInfo")[0]).to.include({
        reason: "BILLING_DISABLED",
      });
      expect(await rejection(handle.wait())).to.equal(error);
    });

    it("that is done with neither result nor error is an error", async () => {
      admin().setFaults([
        {
          method: "AsyncBatchAnnotateImages",
          when: "operation",
          status: { code: "OK", message: "" },
        },
      ]);
      const handle = await client.asyncBatchAnnotateImages(request());
      expect(await rejection(handle.wait())).to.be.instanceOf(OperationResultError);
    });

    it("is followed over polls that are refused for quota", async () => {
      admin().setFaults([
        {
          method: "GetOperation",
          nth: [1, 2],
          status: { code: "RESOURCE_EXHAUSTED", message: "quota" },
        },
      ]);
      const handle = await client.asyncBatchAnnotateImages(request());
      const result = await handle.wait();
      expect(result.outputConfig?.gcsDestination?.uri).to.equal("gs://out/run/");
      expect(await handle.wait()).to.equal(result);
      expect(await Promise.all([handle.wait(), handle.wait()])).to.deep.equal([result, result]);
    });

    it("is cancelled at the service, under a project's name too, and waits until that shows", async () => {
      admin().holdOperations(true);
      const handle = await client.asyncBatchAnnotateImages({
        ...request(),
        parent: "projects/p/locations/eu",
      });
      expect(handle.name).to.match(/^projects\/p\/locations\/eu\/operations\//);
      expect(await handle.cancel()).to.equal("requested");
      expect(await rejection(handle.wait())).to.include({
        code: "CANCELLED",
        name: "OperationCancelledError",
      });
      expect(admin().cancels(handle.name)).to.equal(1);
      expect(await handle.cancel()).to.equal("alreadyDone");
    });

    it("stops being watched when a signal aborts, and is cancelled only where that was asked", async () => {
      for (const cancelOnAbort of [false, true]) {
        admin().holdOperations(true);
        const handle = await client.asyncBatchAnnotateImages(request());
        const controller = new AbortController();
        const waiting = rejection(handle.wait({ signal: controller.signal, cancelOnAbort }));
        controller.abort(new Error("enough"));
        expect(await waiting).to.include({ message: "enough" });
        expect(admin().cancels(handle.name)).to.equal(cancelOnAbort ? 1 : 0);
      }
    });
  });

  it("a poll is routed by its operation's name, not by the submit's parent", async () => {
    const server = await startGrpcServer([
      (_call, callback) => {
        callback(null, { name: "operations/x", done: false });
      },
    ]);
    await using other = new VisionBatchClient({ emulator: { grpc: server.address } });
    const handle = await other.asyncBatchAnnotateImages({ ...request(), parent: "projects/p" });
    await handle.poll();
    await other.close();
    server.stop();
    const routes = server.calls.map((call) => call.metadata.get("x-goog-request-params")[0]);
    expect(routes).to.deep.equal(["parent=projects%2Fp", "name=operations%2Fx"]);
  });
});
