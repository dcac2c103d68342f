import { expect } from "chai";
import { createReadStream } from "node:fs";
import { VisionBatchClient } from "../src/index.ts";

/** Compiles only where the value is of the type. */
function is<T>(value: T): T {
  return value;
}

// Never called: what is tested is whether it compiles, and each expected error must be one.
export async function typesOfAnnotating(): Promise<void> {
  const v1 = new VisionBatchClient();
  const v1p1 = new VisionBatchClient({ version: "v1p1beta1" });
  const v1p1OverRest = new VisionBatchClient({ version: "v1p1beta1", transport: "rest" });
  const v1p3 = new VisionBatchClient({ version: "v1p3beta1" });
  const v1p4 = new VisionBatchClient({ version: "v1p4beta1" });
  const features = ["TEXT_DETECTION"] as const;

  for await (const record of v1.annotateImages(["a.png", new Uint8Array()], { features })) {
    is<string | Uint8Array>(record.input);
    // @ts-expect-error there is a response only where something was annotated
    void record.response;
    if (record.status === "succeeded") {
      is<string | undefined>(record.response.fullTextAnnotation?.text);
      is<string | undefined>(record.response.safeSearchAnnotation?.adult);
      // @ts-expect-error there is no such field
      void record.response.text;
    }
    if (record.status === "failed") is<string>(record.error.code);
    if (record.status === "notSubmitted") is<Error | undefined>(record.error);
  }
  const labels = { team: "scans" };
  v1.annotateImages([createReadStream("a.png")], { features, parent: "projects/p", labels });
  const { body } = await fetch("https://example.com/a.png");
  if (body !== null) v1.annotateImages([body], { features });
  v1.annotateImages([{ source: "a.png", imageContext: { languageHints: ["en"] } }], { features });
  v1p1OverRest.annotateImages(["a.png"], { features: ["OBJECT_LOCALIZATION"], labels });
  v1p1OverRest.annotateFiles(["a.pdf"], { features, pages: [1, -1] });
  v1p4.annotateFiles(["a.pdf"], { features });
  is<string | undefined>((await v1.detectText("a.png"))[0]?.description);
  is<string | undefined>((await v1p1.detectDocumentText("a.png"))?.text);
  is<string | undefined>((await v1.detectSafeSearch("a.png"))?.racy);
  is<string | undefined>((await v1p3.detectObjects("a.png"))[0]?.name);
  await v1.searchProducts("a.png", { productSearchParams: { productSet: "s" }, maxResults: 2 });
  await v1p1OverRest.detectObjects("a.png");

  // @ts-expect-error features must be named
  v1.annotateImages(["a.png"], {});
  // @ts-expect-error there is no such feature
  v1.annotateImages(["a.png"], { features: ["TEXT"] });
  // @ts-expect-error v1p1beta1 does not have this feature
  v1p1.annotateImages(["a.png"], { features: ["OBJECT_LOCALIZATION"] });
  // @ts-expect-error nor as a message
  v1p1.annotateImages(["a.png"], { features: [{ type: "OBJECT_LOCALIZATION" }] });
  // @ts-expect-error nor for one image
  v1p1.annotateImages([{ source: "a.png", features: ["PRODUCT_SEARCH"] }], { features });
  // @ts-expect-error v1p4beta1 has no parent
  v1p4.annotateImages(["a.png"], { features, parent: "projects/p" });
  // @ts-expect-error numbers are no inputs, which bytes would be taken apart to
  v1.annotateImages(new Uint8Array(), { features });
  // @ts-expect-error pages are of files
  v1.annotateImages(["a.png"], { features, pages: [1] });
  // @ts-expect-error v1p3beta1 has no method for files that answers at once
  v1p3.annotateFiles(["a.pdf"], { features });
  // @ts-expect-error v1p1beta1 has it over REST alone
  v1p1.annotateFiles(["a.pdf"], { features });
  // @ts-expect-error v1p1beta1 does not have this feature
  await v1p1.detectObjects("a.png");
  // @ts-expect-error v1p1beta1 has no product search
  await v1p1.searchProducts("a.png", { productSearchParams: { productSet: "s" } });
  // @ts-expect-error what to search for must be said
  await v1.searchProducts("a.png", {});
  // @ts-expect-error an image is no list
  await v1.detectText(["a.png"]);
  // @ts-expect-error the answer is a list
  is<string>(await v1.detectLabels("a.png"));
}

describe("types of annotating at once", () => {
  it("are checked by the compiler, in this file", () => {
    expect(typesOfAnnotating).to.be.a("function");
  });
});
