import { expect } from "chai";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { imagesRequest } from "../fixtures/emulator.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

describe("vision-batch emulator", () => {
  let temporary: string;
  let child: ChildProcess | undefined;
  beforeEach(async () => {
    temporary = await mkdtemp(join(tmpdir(), "vision-batch-process-"));
  });
  afterEach(async () => {
    child?.kill("SIGKILL");
    await rm(temporary, { recursive: true });
  });

  /** Answers where HTTP is served. */
  async function start(): Promise<string> {
    const started = spawn(process.execPath, [main, "emulator"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, TMPDIR: temporary },
    });
    child = started;
    const [line] = (await once(createInterface({ input: started.stdout }), "line")) as [string];
    return (JSON.parse(line) as { http: string }).http;
  }

  async function stop(): Promise<unknown> {
    const exit = once(child as ChildProcess, "exit");
    child?.kill("SIGTERM");
    const [code] = (await exit) as readonly unknown[];
    return code;
  }

  it("stops at SIGTERM with code 0 and leaves nothing, whatever is under way", async () => {
    const http = await start();
    const post = (path: string, body: object): Promise<Response> =>
      fetch(`${http}${path}`, { method: "POST", body: JSON.stringify(body) });
    await fetch(`${http}/emulator/v1/hold`, { method: "PUT", body: '{"hold":true}' });
    const accepted = await post("/v1/images:asyncBatchAnnotate", imagesRequest(1));
    expect(accepted.status).to.equal(200);
    const uploads = "/upload/storage/v1/b/bucket/o";
    const session = await post(`${uploads}?uploadType=resumable&name=a`, {});
    const location = session.headers.get("location") ?? "";
    const piece = { "content-range": "bytes 0-3/*" };
    await fetch(location, { method: "PUT", headers: piece, body: "0123" });
    const upload = await beginUpload(http, `${uploads}?uploadType=media&name=b`);
    expect(await readdir(temporary)).to.have.length(1);
    expect(await stop()).to.equal(0);
    expect(await readdir(temporary)).to.deep.equal([]);
    upload.destroy();
  });

  async function beginUpload(http: string, path: string): Promise<Socket> {
    const { hostname, port, host } = new URL(http);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    const lines = [
      `POST ${path} HTTP/1.1`,
      `host: ${host}`,
      "content-length: 1000000",
      "",
      "begun",
    ];
    await new Promise((resolve) => socket.write(lines.join("\r\n"), resolve));
    return socket;
  }
});
