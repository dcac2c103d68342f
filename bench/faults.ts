import { join } from "node:path";
import type { ImageAnnotatorClient, protos } from "@google-cloud/vision";
import { startEmulator, type Emulator, type FaultRule } from "../src/emulator/index.ts";
import { VisionBatchClient } from "../src/index.ts";
import type { Bench } from "./bench.ts";
import { theirClient } from "./children/their-client.mjs";

type Request = Parameters<VisionBatchClient["asyncBatchAnnotateImages"]>[0];

/** A client with nothing but what is compared: how it submits, and how it waits. */
interface Contender {
  readonly submit: (request: Request) => Promise<{ readonly wait: () => Promise<unknown> }>;
}

const method = "AsyncBatchAnnotateImages";
const recordedDir = join(import.meta.dirname, "../examples/testing/recorded");
const uri = "gs://scans/1.png";

/** The answers to the first two submits are lost, after they were accepted. */
const lostAnswers: FaultRule = {
  method,
  nth: [1, 2],
  when: "afterAcceptance",
  status: { code: "UNAVAILABLE", message: "the answer was lost" },
};
/** One read of an operation meets a quota. */
const refusedRead: FaultRule = {
  method: "GetOperation",
  nth: 1,
  status: { code: "RESOURCE_EXHAUSTED", message: "slow down" },
};

/** What lost answers, faulty requests and refused reads cost, against @google-cloud/vision: jobs, calls and waits that are counted, no times. */
export const faultsBench: Bench = async (report) => {
  // No credentials are looked for on the way to an emulator, nor a server that has them.
  process.env["METADATA_SERVER_DETECTION"] = "none";
  await using emulator = await startEmulator({ recordedDir, recordedFor: "all" });
  await using client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
  const theirs = await theirClient(emulator.grpc);
  try {
    report("one submit whose answer is lost twice, five faulty requests, one read that is refused");
    const our = await measure(emulator, {
      submit: (each) => client.asyncBatchAnnotateImages(each),
    });
    const their = await measure(emulator, { submit: (each) => submitByThem(theirs, each) });
    return {
      figures: {
        ourJobsForOneSubmit: our.jobs,
        theirJobsForOneSubmit: their.jobs,
        ourFaultyRequestsSent: our.sent,
        theirFaultyRequestsSent: their.sent,
        ourWaitsEnded: our.waitsEnded,
        theirWaitsEnded: their.waitsEnded,
      },
      bounds: {
        ourJobsForOneSubmit: { max: 1, min: 1 },
        ourFaultyRequestsSent: { max: 0 },
        ourWaitsEnded: { max: 0 },
      },
    };
  } finally {
    await theirs.close();
  }
};

async function submitByThem(
  client: ImageAnnotatorClient,
  request: Request,
): Promise<{ readonly wait: () => Promise<unknown> }> {
  // The same request: their types have every list mutable.
  const same = request as protos.google.cloud.vision.v1.IAsyncBatchAnnotateImagesRequest;
  const [operation] = await client.asyncBatchAnnotateImages(same);
  return { wait: () => operation.promise() };
}

async function measure(
  { admin }: Emulator,
  { submit }: Contender,
): Promise<{ readonly jobs: number; readonly sent: number; readonly waitsEnded: number }> {
  await admin.reset();
  admin.setFaults([lostAnswers]);
  await submit(requestFor({})).catch(() => undefined);
  const jobs = admin.accepted(method);

  await admin.reset();
  for (const each of faultyRequests()) await submit(each).catch(() => undefined);
  const sent = admin.calls(method);

  await admin.reset();
  admin.setFaults([refusedRead]);
  const operation = await submit(requestFor({}));
  const waitsEnded = await operation.wait().then(
    () => 0,
    () => 1,
  );
  return { jobs, sent, waitsEnded };
}

/** Each has one fault, for which the service would refuse it, or annotate nothing. */
function faultyRequests(): readonly Request[] {
  return [
    requestFor({ images: 2001 }),
    requestFor({ imageUri: "https://example.com/1.png" }),
    requestFor({ batchSize: 500 }),
    requestFor({ output: "results/" }),
    requestFor({ type: "TEXT_DETECTON" }),
  ];
}

function requestFor({
  images = 1,
  imageUri = uri,
  batchSize = 20,
  output = "gs://results/",
  type = "TEXT_DETECTION",
}): Request {
  const features = [{ type: type as "TEXT_DETECTION" }];
  return {
    requests: Array.from({ length: images }, () => ({ image: { source: { imageUri } }, features })),
    outputConfig: { gcsDestination: { uri: output }, batchSize },
  };
}
