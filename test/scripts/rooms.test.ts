import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { controlRooms } from "../../scripts/verify/room-control.ts";
import { rooms } from "../../scripts/verify/room-table.ts";

const architecture = readFileSync(join(import.meta.dirname, "../../ARCHITECTURE.md"), "utf8");

describe("the room rules", () => {
  it("report each violation of the control tree, and nothing else", async () => {
    expect(await controlRooms()).to.deep.equal([]);
  });

  it("say of a room what ARCHITECTURE.md says of it", () => {
    const rows = [...architecture.matchAll(/^\| `(\w+)\/` +\|.*\| ([\w, ]+?) +\|$/gm)];
    const documented = rows
      .map(([, name, imports]) => ({
        name,
        imports: imports === "nothing" ? [] : imports?.split(", "),
      }))
      .filter(({ imports }) => imports?.[0] !== "all");
    expect(documented).to.not.be.empty;
    const names = documented.map(({ name }) => name);
    expect(documented).to.deep.equal(rooms.filter(({ name }) => names.includes(name)));
  });
});
