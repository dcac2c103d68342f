import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { KubernetesObject } from "./check-manifest.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

interface Model {
  new (data: object): { validate(): void };
}

/** What of a manifest the schemas of Kubernetes refuse, a line each. */
export async function checkSchema(
  objects: readonly KubernetesObject[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    const { kind } = object;
    const models = (await import(moduleOf(object))) as Readonly<Record<string, Model | undefined>>;
    const Kind = models[kind];
    try {
      if (Kind === undefined) throw new Error("is unknown to Kubernetes");
      new Kind(object).validate();
    } catch (error) {
      problems.push(`${kind}: ${(error as Error).message}`);
    }
  }
  return [...problems, ...(await unknownFields(objects))];
}

/** Where the models of a group are. */
function moduleOf({ apiVersion }: KubernetesObject): string {
  return `kubernetes-models/${apiVersion}`;
}

/** The schemas let pass what they do not know; Kubernetes drops it. Types do not. */
async function unknownFields(objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  await mkdir(join(root, "temp"), { recursive: true });
  const folder = await mkdtemp(join(root, "temp/deploy-"));
  try {
    const lines = objects.map((object, index) => {
      const type = `import("${moduleOf(object)}").I${object.kind}`;
      return `export const object${index}: ${type} = ${JSON.stringify(object)};`;
    });
    await writeFile(join(folder, "objects.ts"), lines.join("\n"));
    const config = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await run("tsc", ["-p", join(folder, "tsconfig.json")], { cwd: root });
    return [];
  } catch (error) {
    const { stdout } = error as { readonly stdout?: string };
    if (stdout === undefined) throw error;
    return stdout.split("\n").filter((line) => line !== "");
  } finally {
    await rm(folder, { recursive: true });
  }
}
