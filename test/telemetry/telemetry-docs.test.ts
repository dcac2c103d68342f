import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { metrics } from "../../src/telemetry/index.ts";

const root = join(import.meta.dirname, "../..");

describe("docs/telemetry.md", () => {
  let text: string;

  before(async () => {
    text = await readFile(join(root, "docs/telemetry.md"), "utf8");
  });

  it("tells of every metric, its instrument, unit and labels", () => {
    const namesIn = (cell = ""): string[] => {
      return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    };
    const section = text.slice(text.indexOf("\n## Metrics\n"), text.indexOf("\n## Prometheus\n"));
    const rows = [...section.matchAll(/^\| `.*$/gm)].map(([row]) => row.split("|"));
    const documented = rows.map(([, name, kind = "", unit, labels]) => ({
      ...{ name: namesIn(name)[0], kind: kind.trim(), unit: namesIn(unit)[0] },
      labels: namesIn(labels),
    }));
    const known = Object.values(metrics).map(({ name, kind, unit, labels }) => ({
      ...{ name, kind, unit, labels: [...labels] },
    }));
    expect(documented).to.have.deep.members(known);
  });
});
