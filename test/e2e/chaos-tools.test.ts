import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { DatabaseWay, type HostAndPort } from "../../scripts/chaos/database-way.ts";

describe("what chaos is made with", () => {
  describe("the way to a database", () => {
    let echo: Server;
    let way: DatabaseWay;
    let target: HostAndPort;
    const opened: Socket[] = [];

    beforeEach(async () => {
      echo = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
      echo.listen(0, "127.0.0.1");
      await once(echo, "listening");
      const { port } = echo.address() as AddressInfo;
      target = { host: "127.0.0.1", port };
      way = await DatabaseWay.open(target);
    });

    afterEach(async () => {
      for (const socket of opened.splice(0)) socket.destroy();
      way.close();
      echo.close();
      await once(echo, "close");
    });

    function open(): Socket {
      const socket = connect(way.port, "127.0.0.1").on("error", () => undefined);
      opened.push(socket);
      return socket;
    }

    async function answerOf(socket: Socket, text: string): Promise<string> {
      socket.write(text);
      const [answer] = (await once(socket, "data")) as [Buffer];
      return answer.toString();
    }

    it("lets everything through, and new connections after it was cut", async () => {
      const first = open();
      expect(await answerOf(first, "one")).to.equal("one");
      const closed = once(first, "close");
      way.cut();
      await closed;
      expect(await answerOf(open(), "two")).to.equal("two");
    });

    it("lets nobody through while it refuses", async () => {
      way.refuse();
      await once(open(), "close");
      way.restore();
      expect(await answerOf(open(), "one")).to.equal("one");
    });

    it("holds up what is sent while it stalls, on new connections as well, and loses none of it", async () => {
      const before = open();
      expect(await answerOf(before, "one")).to.equal("one");
      way.stall();
      const after = open();
      await once(after, "connect");
      const answers = Promise.all([answerOf(before, "two"), answerOf(after, "three")]);
      const other = await DatabaseWay.open(target);
      const aside = connect(other.port, "127.0.0.1");
      opened.push(aside);
      expect(await answerOf(aside, "meanwhile")).to.equal("meanwhile");
      expect([before.bytesRead, after.bytesRead]).to.deep.equal([3, 0]);
      other.close();
      way.restore();
      expect(await answers).to.deep.equal(["two", "three"]);
    });
  });

  it("has clocks that are wrong wherever they are asked", () => {
    const clock = join(import.meta.dirname, "../../scripts/chaos/children/wrong-clock.ts");
    const program = "[Date.now(), +new Date(), +new Date(5), Date.UTC(1970, 0, 2)].join()";
    const { stdout } = spawnSync(process.execPath, ["--import", clock, "-p", program], {
      ...{ encoding: "utf8", env: { ...process.env, CHAOS_CLOCK_OFF_MS: "-600000" } },
    });
    const [now = 0, made = 0, given, utc] = stdout.split(",").map(Number);
    for (const wrong of [now, made]) {
      expect(Date.now() - wrong).to.be.within(600_000, 630_000);
    }
    expect([given, utc]).to.deep.equal([5, 86_400_000]);
  });
});
