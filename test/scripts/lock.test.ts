import { expect } from "chai";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../scripts/setup/lock.mjs";
import { rejection } from "../fixtures/rejection.ts";

describe("withLock", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vision-batch-lock-"));
    path = join(folder, "temp/lock");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("holds the lock while the work goes on, and no longer", async () => {
    const result = await withLock(path, async () => existsSync(path));
    expect([result, existsSync(path)]).to.deep.equal([true, false]);
  });

  it("lets go of the lock when the work fails", async () => {
    const failure = new Error("no");
    expect(await rejection(withLock(path, () => Promise.reject(failure)))).to.equal(failure);
    expect(existsSync(path)).to.equal(false);
  });

  it("takes over from an owner whose number lives on in another program", async () => {
    await withLock(path, async () => undefined);
    writeFileSync(path, String(process.ppid));
    const options = { pollMs: 1, silentMs: 20 };
    expect(await withLock(path, async () => "mine", options)).to.equal("mine");
    expect(existsSync(path)).to.equal(false);
  });

  it("leaves alone the lock of whoever took it over", async () => {
    await withLock(path, async () => writeFileSync(path, String(process.ppid)));
    expect(existsSync(path)).to.equal(true);
  });
});
