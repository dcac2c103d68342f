import { expect } from "chai";
import { detectFile, detectObject } from "../../../src/cli/inputs/detect-kind.ts";
import { StorageError } from "../../../src/errors/index.ts";
import { UsageError } from "../../../src/cli/usage-error.ts";
import { memoryStore } from "../../results/memory-store.ts";

const contents = {
  "a.bin": "%PDF-1.7\n",
  "b.bin": Buffer.from("GIF89a\x01\x00\x01\x00\x80\x00\x00", "latin1"),
  "c.bin": Buffer.from("49492a0008000000010000010300", "hex"),
  "d.pdf": Buffer.from("89504e470d0a1a0a0000000d494844520000000100000001080600000049444154", "hex"),
  "e.pdf": "neither",
  "f.gif": "",
};

describe("detectObject", () => {
  const store = memoryStore(
    Object.fromEntries(
      Object.entries(contents).map(([name, content]) => [`gs://bucket/${name}`, content]),
    ),
  );
  const detect = (name: string) =>
    detectObject(store, `gs://bucket/${name}`, new AbortController().signal);

  it("tells documents by their content, whatever they are called", async () => {
    expect(await detect("a.bin")).to.deep.equal({ kind: "document", mimeType: "application/pdf" });
    expect(await detect("b.bin")).to.deep.equal({ kind: "document", mimeType: "image/gif" });
    expect(await detect("c.bin")).to.deep.equal({ kind: "document", mimeType: "image/tiff" });
  });

  it("takes everything else for an image, so that the service says what is wrong", async () => {
    for (const name of ["d.pdf", "e.pdf", "f.gif"]) {
      expect(await detect(name), name).to.deep.equal({ kind: "image" });
    }
  });

  it("goes by the extension where it cannot read", async () => {
    expect(await detect("none.PDF")).to.deep.equal({
      kind: "document",
      mimeType: "application/pdf",
    });
    expect(await detect("none.png")).to.deep.equal({ kind: "image" });
  });

  it("names the file that cannot be read", async () => {
    const folder = import.meta.dirname;
    const error: unknown = await detectFile(folder).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UsageError);
    expect((error as Error).message).to.contain(`${folder} cannot be read: EISDIR`);
  });

  it("does not take a store that fails for an image", async () => {
    const uri = "gs://bucket/a.bin";
    const failing = memoryStore(
      {},
      {
        beforeRead: () => Promise.reject(new StorageError("down", { reason: "unavailable", uri })),
      },
    );
    const error: unknown = await detectObject(failing, uri, new AbortController().signal).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(StorageError);
  });
});
