import { setDefaultCACertificates } from "node:tls";
import { OAuth2Client } from "google-auth-library";
import { AsyncBatchAnnotateImagesRequest } from "../../generated/google/cloud/vision/v1/image_annotator.ts";
import { loadServices, operationsService } from "../../src/protocol/method-table.ts";
import { createCaller, GrpcTransport, resolveConnection } from "../../src/transport/index.ts";
import { accessToken, parent, serveSlices, timeoutMs } from "./calls-load.mjs";

const [address = "", certificate] = process.argv.slice(2);
if (certificate !== undefined) setDefaultCACertificates([certificate]);
const authClient = new OAuth2Client();
authClient.setCredentials({ access_token: accessToken });
const options =
  certificate !== undefined ? { endpoint: address, authClient } : { emulator: { grpc: address } };
const transport = new GrpcTransport(resolveConnection(options, ""), options, []);
const caller = createCaller(transport);

const { ImageAnnotator } = await loadServices("v1");
const { getOperation } = operationsService.methods;
const { asyncBatchAnnotateImages } = ImageAnnotator.methods;
if (!getOperation || !asyncBatchAnnotateImages) throw new Error("a method is missing");
const request = AsyncBatchAnnotateImagesRequest.fromPartial({ parent });

serveSlices(
  {
    read: (name) =>
      caller.readOnce({ method: getOperation, request: { name }, operationName: name, timeoutMs }),
    submit: () => caller.submit({ method: asyncBatchAnnotateImages, request, timeoutMs }),
  },
  () => void transport.close(),
);
