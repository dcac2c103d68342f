import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** The folder of an emulator's buckets. */
export interface WorkingDirectory {
  readonly path: string;
  /** Removes it where it is temporary. */
  close(): Promise<void>;
}

/** Opens the given folder, which is made where it is not there and kept; or a temporary one. */
export async function openWorkingDirectory(path: string | undefined): Promise<WorkingDirectory> {
  if (path !== undefined) {
    await mkdir(path, { recursive: true });
    return { path: resolve(path), close: () => Promise.resolve() };
  }
  const temporary = await mkdtemp(join(tmpdir(), "vision-batch-emulator-"));
  return {
    path: temporary,
    close: () => rm(temporary, { recursive: true, force: true }),
  };
}
