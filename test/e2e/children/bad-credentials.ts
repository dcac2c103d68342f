import { writeFileSync } from "node:fs";
import { VisionBatchClient, SubmitError, type RequestOf } from "../../../src/index.ts";

const [folder = ""] = process.argv.slice(2);
const request: RequestOf<"v1", "asyncBatchAnnotateImages"> = {
  requests: [
    {
      image: { source: { imageUri: "gs://bucket/a.png" } },
      features: [{ type: "TEXT_DETECTION" }],
    },
  ],
  outputConfig: { gcsDestination: { uri: "gs://bucket/out/" } },
};
writeFileSync(`${folder}/no-json.json`, "not json");
const endpoint = "127.0.0.1:9";
const bad = [
  { endpoint, keyFilename: `${folder}/absent.json` },
  { endpoint, keyFilename: `${folder}/no-json.json` },
  {
    endpoint,
    credentials: { type: "service_account", client_email: "a@b.test", private_key: "no key" },
  },
  { endpoint, credentials: { type: "no such type" } },
  { endpoint },
];
for (const options of bad) {
  const client = new VisionBatchClient(options);
  try {
    await client.asyncBatchAnnotateImages(request);
    process.stdout.write("accepted\n");
  } catch (error) {
    const known = error instanceof SubmitError;
    process.stdout.write(known ? `${error.code} ${error.outcome}\n` : `${String(error)}\n`);
  }
  await client.close();
}
