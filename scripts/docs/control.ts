import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { convert } from "./convert.ts";

const sources = `
/** A tree with every fault that a reference can have. @module */

/** Documented. */
export interface Documented {
  /** Documented. */
  readonly documented: string;
  readonly undocumentedProperty: Hidden;
}

/** Not exported. */
interface Hidden {
  /** Documented. */
  readonly documented: number;
}

/** Leads to {@link Nowhere}. */
export function brokenLink(): void {}

export function undocumentedFunction(): void {}

export type UndocumentedType = "a" | "b";

/** Documented. */
export class SomeClass {
  undocumentedMethod(): void {}
}
`;
const guide = "# A guide\n\nSee [nothing](nothing.md).\n";

const expected = [
  "Documented.undocumentedProperty (Property)",
  "undocumentedFunction (CallSignature)",
  "UndocumentedType (TypeAlias)",
  "SomeClass.undocumentedMethod (CallSignature)",
  "Hidden, defined in",
  'Failed to resolve link to "Nowhere"',
  "nothing.md is not a file",
];

/**
 * Proves that a reference is refused for each of its faults, and for nothing else, on a small tree that
 * has all of them: what is missed, or told without reason, a line each.
 */
export async function controlReference(scratch: string): Promise<string[]> {
  mkdirSync(scratch, { recursive: true });
  const root = mkdtempSync(join(scratch, "docs-control-"));
  try {
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "some", version: "1.0.0" }));
    const compilerOptions = { strict: true, module: "nodenext", types: [], noEmit: true };
    const tsconfig = JSON.stringify({ compilerOptions, files: ["index.ts"] });
    writeFileSync(join(root, "tsconfig.json"), tsconfig);
    writeFileSync(join(root, "index.ts"), sources);
    writeFileSync(join(root, "guide.md"), guide);
    const tree = { root, tsconfig: "tsconfig.json", entryPoints: ["index.ts"] };
    const { problems } = await convert({ ...tree, guides: ["guide.md"] });
    return [
      ...expected.filter((each) => !isTold(each, problems)).map((each) => `missed: ${each}`),
      ...problems.filter((each) => !isExpected(each)).map((each) => `wrongly: ${each}`),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function isTold(fault: string, problems: readonly string[]): boolean {
  return problems.some((problem) => problem.includes(fault));
}

function isExpected(problem: string): boolean {
  return expected.some((fault) => problem.includes(fault));
}
