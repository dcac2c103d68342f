/** What became of each trial on each Node, told as it ends and once more as a table. */
export class TrialTable {
  readonly #nodes = new Set<string>();
  readonly #rows = new Map<string, Map<string, string>>();
  #failures = 0;

  get hasFailures(): boolean {
    return this.#failures > 0;
  }

  /** Runs a trial, on a Node or on none in particular. */
  async cell(name: string, node: string, run: () => Promise<string | undefined>): Promise<void> {
    const start = performance.now();
    const verdict = await run().catch((error: unknown) => {
      this.#failures += 1;
      process.stdout.write(`${String(error)}\n`);
      return "FAILED";
    });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const row = this.#rows.get(name) ?? new Map<string, string>();
    this.#rows.set(name, row.set(node, verdict ?? "ok"));
    if (node !== "") this.#nodes.add(node);
    process.stdout.write(`${node.padEnd(8)} ${name}: ${verdict ?? "ok"} (${seconds} s)\n`);
  }

  /** The table, as Markdown. */
  text(): string {
    const nodes = [...this.#nodes];
    const columns = nodes.map((node) => `Node ${node}`);
    const rows = [...this.#rows].map(([name, cells]) => {
      return [name, ...nodes.map((node) => cells.get(node) ?? cells.get("") ?? "-")];
    });
    const lines = [["", ...columns], columns.map(() => "---").concat("---"), ...rows];
    return `\n${lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("")}`;
  }
}
