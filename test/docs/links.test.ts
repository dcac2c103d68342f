import { stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect } from "chai";
import { documents, root, type Document } from "./documents.ts";
import { anchorsOf } from "./markdown.ts";

describe("links in documents", () => {
  let all: ReadonlyMap<string, Document>;

  before(async () => {
    all = new Map((await documents()).map((document) => [document.path, document]));
  });

  it("lead to files and headings that are there", async () => {
    const dead: string[] = [];
    for (const document of all.values()) {
      for (const { target, line } of document.links) {
        const fault = await faultOf(document.path, target);
        if (fault !== undefined) dead.push(`${document.path}:${line}: ${target} ${fault}`);
      }
    }
    expect(dead).to.deep.equal([]);
  });

  it("lead from docs/README.md to every document of docs/", () => {
    const linked = all.get("docs/README.md")?.links.map(({ target }) => join("docs", target));
    const others = [...all.keys()].filter(
      (path) => dirname(path) === "docs" && path !== "docs/README.md",
    );
    expect(linked).to.include.members(others);
  });

  async function faultOf(from: string, target: string): Promise<string | undefined> {
    if (/^[a-z]+:/.test(target)) return URL.canParse(target) ? undefined : "is no URL";
    const [path = "", anchor] = decodeURI(target).split("#");
    const file = path === "" ? from : relative(root, join(root, dirname(from), path));
    if (file.startsWith("..")) return "leads out of the repository";
    const there = await stat(join(root, file)).then(
      () => true,
      () => false,
    );
    if (!there) return "is not there";
    if (anchor === undefined) return undefined;
    const linked = all.get(file);
    if (linked === undefined) return "is no document with headings";
    return anchorsOf(linked.headings).has(anchor) ? undefined : "has no such heading";
  }
});
