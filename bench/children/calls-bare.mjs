import { setDefaultCACertificates } from "node:tls";
import { credentials, Metadata } from "@grpc/grpc-js";
import { OAuth2Client } from "google-auth-library";
import { GrpcClient, version } from "google-gax";
import { AsyncBatchAnnotateImagesRequest } from "../../generated/google/cloud/vision/v1/image_annotator.ts";
import { ImageAnnotatorClient } from "../../generated/google/cloud/vision/v1/image_annotator.grpc.ts";
import { OperationsClient } from "../../generated/google/longrunning/operations.grpc.ts";
import { apiClientHeader } from "../../src/transport/api-client-header.ts";
import { grpcChannelOptions } from "../../src/transport/grpc-channel-options.ts";
import { accessToken, parent, serveSlices, timeoutMs } from "./calls-load.mjs";

const [address = "", certificate] = process.argv.slice(2);
if (certificate !== undefined) setDefaultCACertificates([certificate]);
const authClient = new OAuth2Client();
authClient.setCredentials({ access_token: accessToken });
const callCredentials = credentials.createFromGoogleCredential({
  getRequestHeaders: async () => Object.fromEntries(await authClient.getRequestHeaders()),
});
const channelCredentials =
  certificate !== undefined
    ? credentials.combineChannelCredentials(credentials.createSsl(), callCredentials)
    : credentials.createInsecure();
const options = {
  ...grpcChannelOptions(),
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};
const operations = new OperationsClient(address, channelCredentials, options);
const annotator = new ImageAnnotatorClient(address, channelCredentials, options);

const base = new Metadata();
const beneath = { gax: version, grpc: new GrpcClient().grpcVersion };
base.set("x-goog-api-client", apiClientHeader(beneath));

/** @param {string} field @param {string} value */
function metadata(field, value) {
  const own = base.clone();
  own.set("x-goog-request-params", `${field}=${encodeURIComponent(value)}`);
  return own;
}

const request = AsyncBatchAnnotateImagesRequest.fromPartial({ parent });

serveSlices(
  {
    read: (name) =>
      new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + timeoutMs };
        operations.getOperation({ name }, metadata("name", name), options, (error, operation) =>
          error === null ? resolve(operation) : reject(error),
        );
      }),
    submit: () =>
      new Promise((resolve, reject) => {
        const options = { deadline: Date.now() + timeoutMs };
        const headers = metadata("parent", parent);
        annotator.asyncBatchAnnotateImages(request, headers, options, (error, operation) =>
          error === null ? resolve(operation) : reject(error),
        );
      }),
  },
  () => {
    operations.close();
    annotator.close();
  },
);
