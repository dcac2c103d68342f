const names = {
  "vision-batch": ["InvalidRequestError", "VisionBatchClient"],
  "vision-batch/document": ["pageSeparator"],
  "vision-batch/emulator": ["startEmulator"],
  "vision-batch/export": ["csvColumns"],
  "vision-batch/v1": ["Feature_Type"],
  "vision-batch/v1p1beta1": ["Likelihood as v1p1beta1"],
  "vision-batch/v1p2beta1": ["Likelihood as v1p2beta1"],
  "vision-batch/v1p3beta1": ["Likelihood as v1p3beta1"],
  "vision-batch/v1p4beta1": ["Likelihood as v1p4beta1"],
  "vision-batch/workers": ["recordsUri"],
};

const imports = Object.entries(names)
  .map(([path, all]) => `import { ${all.join(", ")} } from "${path}";\n`)
  .join("");
const requires = Object.entries(names)
  .map(([path, all]) => `const { ${all.join(", ").replace(" as ", ": ")} } = require("${path}");\n`)
  .join("");

const main = `
async function main() {
  const emulator = await startEmulator();
  const client = new VisionBatchClient({ emulator: { grpc: emulator.grpc } });
  const submit = (uri/*string*/) =>
    client.asyncBatchAnnotateImages({
      requests: [
        {
          image: { source: { imageUri: "gs://bucket/a.png" } },
          features: [{ type: Feature_Type.TEXT_DETECTION }, { type: "LABEL_DETECTION" }],
        },
      ],
      outputConfig: { gcsDestination: { uri } },
    });
  const refused = await submit("no").then(() => undefined, (error/*unknown*/) => error);
  const operation = await submit("gs://bucket/out/");
  const result = await operation.wait();
  await client.close();
  await emulator.close();
  console.log(JSON.stringify({
    refused: refused instanceof InvalidRequestError,
    output: result.outputConfig?.gcsDestination?.uri,
    versions: [v1p1beta1, v1p2beta1, v1p3beta1, v1p4beta1].map(({ LIKELY }) => LIKELY),
    others: [pageSeparator, csvColumns, recordsUri].every((each) => each !== undefined),
  }));
}
main();
`;

/** What the program writes, which uses a name of every entry point. */
export const written = {
  ...{ refused: true, output: "gs://bucket/out/", versions: [4, 4, 4, 4], others: true },
};

/** The program as JavaScript in a module. */
export const moduleProgram = imports + main;

/** In CommonJS. */
export const commonJsProgram = requires + main;

/** In TypeScript, with types of the package by their names. */
export const typeScriptProgram = `${imports}
import type { OperationHandle, ResultRecord } from "vision-batch";
import type { DocumentView } from "vision-batch/document";
import type { Emulator } from "vision-batch/emulator";
import type { AnnotateImageResponse } from "vision-batch/v1";
export type All = [Emulator, AnnotateImageResponse, DocumentView, ResultRecord<"v1">, OperationHandle<unknown>];
${main.replaceAll(/\/\*(\w+)\*\//g, ": $1")}`;

/** Imports every entry point but the emulator, which is no light one. */
export const importLight = `
import manifest from "vision-batch/package.json" with { type: "json" };
for (const path of Object.keys(manifest.exports)) {
  if (!/json$|emulator$/.test(path)) await import("vision-batch" + path.slice(1));
}`;

/** A function as people deploy it: bundled, so that it needs no packages. It submits to an emulator. */
export const functionProgram = `
import { VisionBatchClient } from "vision-batch";
export async function submit(grpc) {
  const client = new VisionBatchClient({ emulator: { grpc } });
  const image = { source: { imageUri: "gs://bucket/a.png" } };
  const operation = await client.asyncBatchAnnotateImages({
    requests: [{ image, features: [{ type: "LABEL_DETECTION" }] }],
    outputConfig: { gcsDestination: { uri: "gs://bucket/out/" } },
  });
  await client.close();
  return operation.name;
}`;

/** Calls the function, which is somewhere without packages. */
export const callFunction = `
import { startEmulator } from "vision-batch/emulator";
const { default: { submit } } = await import(process.argv[2]);
const emulator = await startEmulator();
console.log(await submit(emulator.grpc));
await emulator.close();
`;

/** The settings of TypeScript that people use. */
export const moduleSettings = [
  { module: "node16", moduleResolution: "node16" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
];

/** The one by which TypeScript lets CommonJS require modules. */
export const settingsOfCommonJs = [{ module: "nodenext", moduleResolution: "nodenext" }];

/** The rest of them; `skipLibCheck` is left out, so that the declarations of the package are checked too. */
export const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
};
