/** A program that uses a name of every entry point, as a user would write it. */
export const consumer = `
import { InvalidRequestError, MissingPackageError, VisionBatchClient } from "vision-batch";
import { startEmulator, type Emulator } from "vision-batch/emulator";
import { Feature_Type, type AnnotateImageResponse } from "vision-batch/v1";
import { Likelihood as v1p1beta1 } from "vision-batch/v1p1beta1";
import { Likelihood as v1p2beta1 } from "vision-batch/v1p2beta1";
import { Likelihood as v1p3beta1 } from "vision-batch/v1p3beta1";
import { Likelihood as v1p4beta1 } from "vision-batch/v1p4beta1";

const blank: Partial<AnnotateImageResponse> = {};
const versions = [v1p1beta1, v1p2beta1, v1p3beta1, v1p4beta1].map(({ LIKELY }) => LIKELY);
const emulator: Emulator = await startEmulator();
const client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
const features = [{ type: Feature_Type.TEXT_DETECTION }, { type: "LABEL_DETECTION" as const }];
const requests = [{ image: { source: { imageUri: "gs://bucket/a.png" } }, features }];
const refused = await client
  .asyncBatchAnnotateImages({ requests, outputConfig: { gcsDestination: { uri: "no" } } })
  .then(() => undefined, (error: unknown) => error);
const operation = await client.asyncBatchAnnotateImages({
  requests,
  outputConfig: { gcsDestination: { uri: "gs://bucket/out/" } },
});
const result = await operation.wait();
await client.close();
await emulator.close();
console.log(JSON.stringify({
  blank, versions, refused: refused instanceof InvalidRequestError,
  output: result.outputConfig?.gcsDestination?.uri, missing: typeof MissingPackageError,
}));
`;

/** What the program writes. */
export const consumed = {
  blank: {},
  versions: [4, 4, 4, 4],
  refused: true,
  output: "gs://bucket/out/",
  missing: "function",
};

/** Imports every entry point but the emulator, which is no light one. */
export const importLight = `
import manifest from "vision-batch/package.json" with { type: "json" };
for (const path of Object.keys(manifest.exports)) {
  if (!/json$|emulator$/.test(path)) await import("vision-batch" + path.slice(1));
}`;

/** The settings of TypeScript that people use. */
export const moduleSettings = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
] as const;

/** The rest of them. */
export const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
};
