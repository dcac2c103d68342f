import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ResumableSession } from "../../../src/emulator/storage/resumable-session.ts";
import type { StorageRequest } from "../../../src/emulator/storage/storage-request.ts";
import { ObjectDirectory } from "../../../src/storage/object-directory.ts";
import { rejection } from "../../fixtures/rejection.ts";

describe("ResumableSession", () => {
  let root: string;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), "resumable-session-"));
  });

  afterEach(() => {
    fs.rmSync(root, { recursive: true });
  });

  it("leaves nothing when it is ended while its content is begun", async () => {
    const session = new ResumableSession(new ObjectDirectory(root), {
      bucket: "bucket",
      name: "x",
      attributes: {},
      conditions: {},
      expected: {},
    });
    const taken = session.take(requestWith("bytes 0-3/*"));
    // The session has begun to take it by then, and no file can have been opened yet.
    await Promise.resolve();
    session.end();
    expect(await rejection(taken)).to.include({ httpStatus: 410 });
    const left = fs.readdirSync(root, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile())).to.deep.equal([]);
  });
});

function requestWith(contentRange: string): StorageRequest {
  return {
    verb: "PUT",
    route: { verbs: {}, isContent: true },
    query: new URLSearchParams(),
    headers: { "content-range": contentRange },
    body: (async function* () {
      yield await Promise.resolve(Buffer.from("0123"));
    })(),
    origin: "http://127.0.0.1",
  };
}
