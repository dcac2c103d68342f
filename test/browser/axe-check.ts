import axe from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";

interface Finding {
  readonly id: string;
  readonly impact?: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** Fails where axe finds anything serious or critical in what a page shows now. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const findings = await page.evaluate<Finding[]>(
    "axe.run({ preload: false }).then(({ violations }) => violations)",
  );
  const grave = findings.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
  expect(told).to.deep.equal([]);
}
