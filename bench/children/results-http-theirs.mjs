import { EventEmitter } from "node:events";
import { Storage } from "@google-cloud/storage";
import vision from "@google-cloud/vision";

// The client warns of its own listeners, which is not what is measured.
EventEmitter.defaultMaxListeners = 0;
const [apiEndpoint = "", prefix = ""] = process.argv.slice(2);
const { BatchAnnotateImagesResponse } = vision.protos.google.cloud.vision.v1;
const [, , bucket = "", ...name] = prefix.split("/");
const storage = new Storage({ apiEndpoint, projectId: "emulated" });
let characters = 0;
const [files] = await storage.bucket(bucket).getFiles({ prefix: name.join("/") });
for (const file of files) {
  const [content] = await file.download();
  const { responses } = BatchAnnotateImagesResponse.fromObject(JSON.parse(content.toString()));
  for (const { fullTextAnnotation } of responses)
    characters += fullTextAnnotation?.text?.length ?? 0;
}
// From the start of the process: loading the packages is part of the script.
console.log(JSON.stringify({ ms: performance.now(), characters }));
