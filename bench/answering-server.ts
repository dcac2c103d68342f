import { Server, ServerCredentials, type handleUnaryCall } from "@grpc/grpc-js";

/** The wire form of `google.longrunning.Operation { name: "operations/x" }`: field 1, a string. */
const operation = Buffer.concat([Buffer.from([0x0a, 12]), Buffer.from("operations/x")]);

const bytes = (value: Buffer): Buffer => value;

/**
 * A gRPC server that answers every method of ImageAnnotator and Operations at once with the same
 * running operation, without decoding the request: what is measured against it is the client.
 */
export async function startAnsweringServer(): Promise<{ address: string; stop: () => void }> {
  const answer: handleUnaryCall<Buffer, Buffer> = (_call, callback) => {
    callback(null, operation);
  };
  const server = new Server({ "grpc.max_receive_message_length": -1 });
  for (const [service, methods] of Object.entries(served)) {
    const definitions = methods.map((method) => [
      method,
      {
        path: `/${service}/${method}`,
        requestStream: false,
        responseStream: false,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
      },
    ]);
    server.addService(
      Object.fromEntries(definitions),
      Object.fromEntries(methods.map((method) => [method, answer])),
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
    },
  };
}

const served: Readonly<Record<string, readonly string[]>> = {
  "google.cloud.vision.v1.ImageAnnotator": ["AsyncBatchAnnotateImages"],
  "google.longrunning.Operations": ["GetOperation"],
};
