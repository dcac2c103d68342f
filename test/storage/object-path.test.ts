import { expect } from "chai";
import fc from "fast-check";
import {
  besideFolderSuffix,
  fileText,
  folderText,
  pathComponents,
} from "../../src/storage/object-path.ts";

function nameOf(components: readonly string[]): string {
  const folders = components.slice(0, -1).map(folderText).join("");
  return folders + fileText(components.at(-1)!).text;
}

const segment = fc.oneof(
  fc.constantFrom("", ".", "..", "%2F", "%2E", "%2E%2E", "%252F", "%3D", "a%3D", "a%253D", "%2Bx"),
  fc.constantFrom(".vision-batch", "%2Evision-batch", "%252Evision-batch", "%252Bx", "100%.txt"),
  fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replaceAll("/", "")),
  fc.stringMatching(/^(%|25|2F|2E|2B|3D|a){0,8}$/),
  fc.integer({ min: 230, max: 600 }).map((length) => "ä%2B".repeat(200).slice(0, length)),
);

describe("pathComponents", () => {
  it("keeps ordinary names as they are", () => {
    expect(pathComponents("run/000001/output-1-to-2.json")).to.deep.equal([
      "run",
      "000001",
      "output-1-to-2.json",
    ]);
    expect(pathComponents("my%20file 100%.png")).to.deep.equal(["my%20file 100%.png"]);
  });

  it("gives every name a path of components that a file system takes, and the name back", () => {
    const names = fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(names, (name) => {
        const components = pathComponents(name);
        for (const component of components) {
          expect(component).to.not.be.oneOf(["", ".", ".."]);
          expect(component).to.not.include("/");
          expect(Buffer.byteLength(component)).to.be.at.most(255);
        }
        expect(components[0]).to.not.equal(".vision-batch");
        expect(components.at(-1)!.endsWith(besideFolderSuffix), components.at(-1)).to.equal(false);
        expect(nameOf(components)).to.equal(name);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("tells an object beside a folder of its name from one that is named so", () => {
    expect(fileText(`a${besideFolderSuffix}`)).to.deep.equal({ text: "a", besideFolder: true });
    const [component = ""] = pathComponents("a%3D");
    expect(fileText(component)).to.deep.equal({ text: "a%3D", besideFolder: false });
  });
});
