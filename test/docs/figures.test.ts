import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "./documents.ts";

describe("docs/figures.md", () => {
  it("has every bench that there is, and no other", async () => {
    const [program, figures] = await Promise.all(
      ["bench/run.ts", "docs/figures.md"].map((path) => readFile(join(root, path), "utf8")),
    );
    const benches = [...program!.matchAll(/^ {2}(\w+): async \(\) =>/gm)].map(([, name]) => name);
    const told = [...figures!.matchAll(/^\| `npm run bench -- (\w+)`/gm)].map(([, name]) => name);
    expect(benches).to.include.members(["import", "run"]);
    expect(told).to.have.members(benches);
  });
});
