import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startChildScript } from "../fixtures/child-script.ts";

describe("bad credentials", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "vision-batch-credentials-"));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("reject the call, with nothing sent, and never end the process", async () => {
    // No home and no variables: Application Default Credentials find nothing.
    const nowhere = { HOME: folder, CLOUDSDK_CONFIG: folder, GOOGLE_APPLICATION_CREDENTIALS: "" };
    const child = startChildScript("bad-credentials.ts", [folder], nowhere);
    for (let line = 0; line < 5; line += 1) {
      expect(await child.nextLine()).to.equal("UNAUTHENTICATED rejected");
    }
    expect(await child.ended).to.equal(0);
  });
});
