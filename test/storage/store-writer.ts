import { parentPort, workerData } from "node:worker_threads";
import { createDirectoryStore } from "../../src/storage/directory-store.ts";

// Writes and deletes objects in folders that others, with stores of their own, make and remove too.
const { root, name, times } = workerData as { root: string; name: string; times: number };
const store = createDirectoryStore(root);
const problems: string[] = [];
for (let index = 0; index < times; index += 1) {
  const uri = `gs://bucket/folder-${index % 3}/deep/er/${name}`;
  try {
    await store.write(uri, Buffer.from(name), { ifGenerationMatch: index % 2 ? "0" : undefined });
    await store.delete(uri);
  } catch (error) {
    problems.push((error as Error).message);
  }
}
parentPort?.postMessage(problems);
