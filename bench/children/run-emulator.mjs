import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { startEmulator } from "vision-batch/emulator";
import { imagesPerRequest, operationMs } from "./run-load.mjs";

const [folder = "", imagesInProcessing = ""] = process.argv.slice(2);
const emulator = await startEmulator({
  directory: join(folder, "buckets"),
  recordedDir: join(folder, "recorded"),
  recordedFor: "all",
  processingMsPerImage: operationMs / imagesPerRequest,
  quotas: { imagesInProcessing: Number(imagesInProcessing), requestsPerMinute: 1800 },
  ...{ waitSupported: false, listSupported: false },
  ...{ cancelSupported: false, deleteSupported: false },
});
// Clients do not take for an emulator what is behind TLS.
const [host, port] = emulator.grpc.split(":");
const keys = {
  cert: readFileSync(join(folder, "certificate.pem")),
  key: readFileSync(join(folder, "key.pem")),
};
const front = createServer({ ...keys, ALPNProtocols: ["h2"] }, (client) => {
  const server = connect(Number(port), host);
  client.pipe(server).pipe(client);
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
});
front.listen(0, "localhost", () => {
  process.on("message", (kind) => process.send?.(kind === "ports" ? ports() : counts()));
  process.on("disconnect", () => void end());
});

function ports() {
  const address = front.address();
  const grpc = typeof address === "object" ? address?.port : undefined;
  return { grpc, http: Number(new URL(emulator.http).port) };
}

function counts() {
  const { admin } = emulator;
  const submitted = admin.submits().reduce((sum, { inputCount }) => sum + inputCount, 0);
  return { submitted, polls: admin.calls("GetOperation") + admin.calls("WaitOperation") };
}

async function end() {
  await emulator.close();
  // The front may have connections that a client has left open.
  process.exit();
}
