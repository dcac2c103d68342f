import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { parseFaultRules, startEmulator } from "../../src/emulator/index.ts";
import { googlePrices } from "../../src/runs/prices.ts";
import { metrics } from "../../src/telemetry/index.ts";
import { openPrometheusMeter } from "../../src/telemetry/prometheus-meter.ts";
import { documents, root } from "./documents.ts";

/** The data of a document that stands under a heading. */
async function dataOf(path: string, heading: string): Promise<readonly string[]> {
  const document = (await documents()).find((each) => each.path === path);
  const blocks = document?.blocks.filter((block) => block.heading === heading) ?? [];
  return blocks.flatMap(({ language, code }) => (/json|yaml/.test(language) ? [code] : []));
}

function dollarsOf(cell: string): number | undefined {
  const [, amount] = /^USD ([\d.]+)$/.exec(cell) ?? [];
  return amount === undefined ? undefined : Number(amount);
}

function nameIn(text: string): string | undefined {
  return /`(\w+)`/.exec(text)?.[1];
}

describe("data in documents", () => {
  it("has fault rules that the emulator takes", async () => {
    const [rules = ""] = await dataOf("docs/emulator.md", "Fault rules");
    expect(parseFaultRules(JSON.parse(rules))).to.have.length.above(3);
  });

  it("has recorded responses that the emulator takes", async () => {
    const [index = ""] = await dataOf("docs/emulator.md", "Recorded responses");
    const recordedDir = await mkdtemp(join(tmpdir(), "vision-batch-recorded-"));
    try {
      await writeFile(join(recordedDir, "index.json"), index);
      await writeFile(join(recordedDir, "cover.json"), "{}");
      await using emulator = await startEmulator({ recordedDir, recordedFor: "all" });
      const image = { source: { imageUri: "gs://scans/1.png" } };
      const requests = [{ image, features: [{ type: "LABEL_DETECTION" }] }];
      const answer = await fetch(`${emulator.http}/v1/images:annotate`, {
        ...{ method: "POST", body: JSON.stringify({ requests }) },
        headers: { connection: "close" },
      });
      expect(await answer.text()).to.contain("Receipt");
    } finally {
      await rm(recordedDir, { recursive: true });
    }
  });

  it("has the prices that are reckoned with", async () => {
    const text = await readFile(join(root, "docs/cost-and-quotas.md"), "utf8");
    const told = [...text.matchAll(/^\| (`[A-Z].*)$/gm)].flatMap(([, row = ""]) => {
      const [names = "", few = "", many = ""] = row.split("|").map((cell) => cell.trim());
      const [own = "", other = ""] = names.split(/, alone; free together with /);
      const priced = { few: dollarsOf(few), many: dollarsOf(many), freeWith: nameIn(other) };
      return [...own.matchAll(/`(\w+)`/g)].map(([, feature]) => ({ feature, ...priced }));
    });
    const known = Object.entries(googlePrices.features).map(([feature, { tiers, freeWith }]) => {
      const [, few, many] = tiers;
      return { feature, few: few?.perThousand, many: many?.perThousand, freeWith };
    });
    const unpriced = { few: undefined, many: undefined, freeWith: undefined };
    expect(told).to.have.deep.members([...known, { feature: "PRODUCT_SEARCH", ...unpriced }]);
  });

  it("has alerts by metrics and labels that there are", async () => {
    const [rules = ""] = await dataOf("docs/production.md", "What to alert on");
    const served = await (await openPrometheusMeter()).read();
    const names = [...served.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const labels = Object.values(metrics).flatMap((metric) =>
      metric.labels.map((label) => label.replaceAll(".", "_")),
    );
    const { groups } = parse(rules) as { groups: { rules: { expr: string }[] }[] };
    for (const { expr } of groups.flatMap((group) => group.rules)) {
      const used = [...expr.matchAll(/\bvision_batch_\w+?(?=_bucket|[{[)\s])/g)].map(
        ([name]) => name,
      );
      expect(used, expr).not.to.deep.equal([]);
      const asked = [...expr.matchAll(/(\w+)=~?"|by \((\w+)\)/g)].map(([, set, by]) => set ?? by);
      expect(names).to.include.members(used.filter((name) => !labels.includes(name)));
      expect([...labels, "le"], expr).to.include.members(asked);
    }
  });
});
