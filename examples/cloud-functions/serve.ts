/**
 * Serves both functions on this machine as Google's functions framework does, at their names.
 *
 *   npm run build   # once, for a clone of the repository
 *   OUTPUT=gs://my-bucket/jobs/ node examples/cloud-functions/serve.ts
 *   curl -H 'content-type: application/json' http://127.0.0.1:3000/submit \
 *     -d '{"id":"monday","images":["gs://my-bucket/scans/1.png"]}'
 *   curl -H 'content-type: application/json' http://127.0.0.1:3000/finish -d '{"id":"monday"}'
 *
 * To deploy one, bundle it, and name `submit` or `finish` as the entry point of the folder it is in:
 *
 *   esbuild examples/cloud-functions/submit.ts --bundle --minify --platform=node --external:pg \
 *     --outfile=temp/submit/index.js
 *
 * Credentials are those of the environment (`gcloud auth application-default login`); without Google,
 * start `npx vision-batch emulator` and set VISION_EMULATOR_HTTP to what it prints.
 */
import type { AddressInfo } from "node:net";
import express from "express";
import { finish } from "./finish.ts";
import { submit } from "./submit.ts";

const { HOST: host = "127.0.0.1", PORT: port = "3000" } = process.env;
const app = express();
app.use(express.json());
app.post("/submit", submit);
app.post("/finish", finish);
const server = app.listen(Number(port), host, (error?: Error) => {
  if (error !== undefined) throw error;
  console.log(`listening at http://${host}:${(server.address() as AddressInfo).port}`);
});
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => server.close());
