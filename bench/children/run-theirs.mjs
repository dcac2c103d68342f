import { EventEmitter } from "node:events";
import { annotateImages } from "../peers/annotate-images.mjs";
import {
  bucket,
  features,
  imagesPerRequest,
  imageUris,
  printMeasurement,
  runArguments,
} from "./run-load.mjs";

/** From 4 to 32 made no difference to its time. */
const maxDownloads = 8;

// The client warns of its own listeners, which is not what is measured.
EventEmitter.defaultMaxListeners = 0;
const { grpcPort, apiEndpoint, count } = runArguments();
const start = performance.now();
const { ImageAnnotatorClient } = await import("@google-cloud/vision");
const { Storage } = await import("@google-cloud/storage");
const { PassThroughClient } = await import("google-auth-library");
const vision = new ImageAnnotatorClient({
  ...{ apiEndpoint: "localhost", port: grpcPort },
  authClient: new PassThroughClient(),
});
let [responses, characters] = [0, 0];
await annotateImages({
  ...{ vision, storage: new Storage({ apiEndpoint, projectId: "emulated" }), bucket },
  ...{ features, uris: imageUris(count) },
  ...{ maxOperations: count / imagesPerRequest, maxDownloads },
  onResponse: ({ fullTextAnnotation }) => {
    responses += 1;
    characters += fullTextAnnotation?.text?.length ?? 0;
  },
});
const ms = performance.now() - start;
await vision.close();
printMeasurement({ ms, responses, characters });
