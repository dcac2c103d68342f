import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { ServerCredentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { VirtualClock } from "../../bench/poll/virtual-clock.ts";
import { VisionBatchClient, type Clock, type OperationEvent } from "../../src/index.ts";
import { startCuttableProxy } from "../fixtures/cuttable-proxy.ts";
import { refuse, startGrpcServer, type Answer } from "../fixtures/grpc-server.ts";
import { createSelfSigned } from "../fixtures/self-signed.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const name = "projects/p/operations/x";
const { certificate, key } = createSelfSigned();

type Call = Parameters<Answer>[0];

interface ConnectOptions {
  readonly clientClock?: Clock;
  readonly authClient?: OAuth2Client;
}

/** What a day of waiting came to. */
interface Day {
  readonly lagMs: number;
  readonly events: readonly OperationEvent<unknown, unknown>[];
  readonly calls: readonly string[];
}

describe("waiting for a day, in virtual time over a real connection", function () {
  this.timeout(60_000);
  const trusted = tls.getCACertificates("default");
  const cleanUps: (() => unknown)[] = [];
  let clock: VirtualClock;
  let waits: boolean;
  /** Answers a call in place of the operation, where it answers true. */
  let refusal: Answer | undefined;

  before(() => {
    tls.setDefaultCACertificates([certificate]);
  });

  after(() => {
    tls.setDefaultCACertificates(trusted);
  });

  beforeEach(() => {
    clock = new VirtualClock();
    waits = false;
    refusal = undefined;
  });

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
    expect(clock.pending).to.equal(0);
  });

  const answer: Answer = (call, reply) => {
    const isWait = call.getPath().endsWith("/WaitOperation");
    if (isWait && !waits) refuse(12, "no waits")(call, reply);
    else if (refusal !== undefined) refusal(call, reply);
    else if (isWait)
      void waitFor(call).then(
        () => reply(null, operation()),
        () => undefined,
      );
    else reply(null, operation());
  };

  function operation(): object {
    const done = clock.now() >= dayMs;
    return { name, done, ...(done ? { error: { code: 5, message: "over", details: [] } } : {}) };
  }

  function waitFor(call: Call): Promise<void> {
    const { timeout } = call.request as { timeout?: { seconds: string } };
    const cancelled = new AbortController();
    call.once("cancelled", () => {
      cancelled.abort();
    });
    const left = Math.min(Number(timeout?.seconds) * 1000, dayMs - clock.now());
    return clock.sleep(left, cancelled.signal);
  }

  async function startServer() {
    const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) };
    const server = await startGrpcServer([answer], ServerCredentials.createSsl(null, [pair]));
    cleanUps.push(server.stop);
    return { ...server, port: Number(server.address.split(":")[1]) };
  }

  /** A client of the server, by the schedule that a client of the service has. */
  function connect(port: number, { clientClock, authClient }: ConnectOptions = {}) {
    const options = {
      endpoint: `localhost:${port}`,
      authClient: authClient ?? fixedToken(),
      clock: clientClock ?? clock,
    };
    const client = new VisionBatchClient(options);
    cleanUps.push(() => client.close());
    return client;
  }

  /** Follows the operation to its end, while something happens. */
  async function spend(
    client: VisionBatchClient,
    servers: { readonly calls: readonly Call[] }[],
    during: Promise<unknown> = Promise.resolve(),
  ): Promise<Day> {
    const events: OperationEvent<unknown, unknown>[] = [];
    const watch = async () => {
      for await (const event of client.operation(name).watch()) events.push(event);
      return clock.now();
    };
    const [endedAt] = await clock.until(Promise.all([watch(), during]));
    expect(events.at(-1)).to.include({ type: "failed" });
    const calls = servers.flatMap((server) => server.calls.map((call) => call.getPath()));
    return { lagMs: endedAt - dayMs, events, calls };
  }

  it("sees the end within a pause, and makes no more calls than Google recommends", async () => {
    const server = await startServer();
    const { lagMs, events, calls } = await spend(connect(server.port), [server]);
    expect(lagMs).to.be.within(0, 45_000);
    expect(calls.length).to.be.within(1900, 1925);
    expect(calls.filter((path) => path.endsWith("/WaitOperation"))).to.have.length(1);
    expect(pollErrors(events)).to.deep.equal([]);
  });

  it("sees the end at once where the server knows waits", async () => {
    waits = true;
    const server = await startServer();
    const { lagMs, calls } = await spend(connect(server.port), [server]);
    expect(lagMs).to.equal(0);
    expect(calls.length).to.be.within(1900, 1925);
  });

  it("goes on with another token whenever one has expired", async () => {
    const issued: { token: string; at: number }[] = [];
    const issuer = createServer((_request, response) => {
      issued.push({ token: `token-${issued.length}`, at: clock.now() });
      response.setHeader("content-type", "application/json");
      response.setHeader("connection", "close");
      response.end(JSON.stringify({ access_token: issued.at(-1)?.token, expires_in: 3600 }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
    cleanUps.push(() => issuer.close());
    const { port } = issuer.address() as AddressInfo;
    const endpoints = { oauth2TokenUrl: `http://127.0.0.1:${port}/token` };
    const authClient = new OAuth2Client({ clientId: "id", endpoints });
    authClient.setCredentials({ refresh_token: "refresh" });
    refusal = (call, reply) => {
      const token = String(call.metadata.get("authorization")[0]).replace("Bearer ", "");
      const found = issued.find((each) => each.token === token);
      const isValid = found !== undefined && clock.now() < found.at + hourMs;
      if (isValid) reply(null, operation());
      else refuse(16, "the token has expired")(call, reply);
    };
    const server = await startServer();
    const { lagMs, events } = await spend(connect(server.port, { authClient }), [server]);
    expect(lagMs).to.be.within(0, 45_000);
    const codes = pollErrors(events);
    expect(new Set(codes)).to.deep.equal(new Set(["UNAUTHENTICATED"]));
    expect(codes.length).to.be.within(22, 24);
    expect(issued.length).to.equal(codes.length + 1);
  });

  it("goes on over a network that is cut for ten minutes, and reads seldom meanwhile", async () => {
    const server = await startServer();
    const proxy = await startCuttableProxy(server.port);
    cleanUps.push(proxy.close);
    const client = connect(proxy.port);
    const cut = async () => {
      await clock.passed(5 * hourMs);
      proxy.cut();
      await clock.passed(10 * minuteMs);
      await clock.hold(reach(client, proxy.restore(server.port)));
    };
    const { lagMs, events } = await spend(client, [server], cut());
    expect(lagMs).to.be.within(0, 45_000);
    const codes = pollErrors(events);
    expect(new Set(codes)).to.deep.equal(new Set(["UNAVAILABLE"]));
    expect(codes.length).to.be.within(10, 25);
  });

  it("goes on with a server that restarts, also while a wait is open", async () => {
    waits = true;
    const servers = [await startServer()];
    const proxy = await startCuttableProxy(servers[0]?.port ?? 0);
    cleanUps.push(proxy.close);
    const client = connect(proxy.port);
    const restarts = async () => {
      for (let restart = 0; restart < 3; restart += 1) {
        await clock.passed(5 * hourMs + 7000);
        servers.at(-1)?.stop();
        proxy.cut();
        await clock.passed(30_000);
        const next = await clock.hold(startServer());
        servers.push(next);
        await clock.hold(reach(client, proxy.restore(next.port)));
      }
    };
    const { lagMs, events } = await spend(client, servers, restarts());
    expect(lagMs).to.equal(0);
    expect(pollErrors(events).length).to.be.within(3, 12);
    expect(servers.map(({ calls }) => calls.length > 300)).to.deep.equal([true, true, true, true]);
  });

  it("goes on by a clock that jumps forward and back", async () => {
    let offset = 0;
    const clientClock: Clock = {
      now: () => clock.now() + offset,
      sleep: (ms, signal) => clock.sleep(ms, signal),
    };
    const jumps = async () => {
      for (const jump of [8 * hourMs, -12 * hourMs, 3 * hourMs, -30 * dayMs, 400 * dayMs]) {
        await clock.passed(4 * hourMs + 11_000);
        offset += jump;
      }
    };
    const server = await startServer();
    const { lagMs, events, calls } = await spend(
      connect(server.port, { clientClock }),
      [server],
      jumps(),
    );
    expect(lagMs).to.be.within(0, 45_000);
    expect(calls.length).to.be.within(1900, 1930);
    expect(pollErrors(events)).to.deep.equal([]);
  });

  it("takes an open wait back from the server when nobody waits any more", async () => {
    waits = true;
    const server = await startServer();
    const client = connect(server.port);
    const leaving = new AbortController();
    const gone = client
      .operation(name)
      .wait({ signal: leaving.signal })
      .catch((error: unknown) => error);
    const open = async (): Promise<Call> => {
      for (;;) {
        const call = server.calls.find((each) => each.getPath().endsWith("/WaitOperation"));
        if (call !== undefined) return call;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    // Nothing moves this clock, so that the wait stays open until it is given up.
    const call = await open();
    const cancelled = new Promise((resolve) => call.once("cancelled", resolve));
    const reason = new Error("enough");
    leaving.abort(reason);
    expect(await gone).to.equal(reason);
    await cancelled;
    expect(call.cancelled).to.equal(true);
  });
});

/** A channel that is idle connects when it is used, one that has failed by itself, in real time. */
async function reach(client: VisionBatchClient, connected: Promise<unknown>): Promise<void> {
  const isReached = (): Promise<boolean> =>
    client
      .operation(name)
      .poll()
      .then(
        () => true,
        () => false,
      );
  if (await isReached()) return;
  await connected;
  while (!(await isReached())) await new Promise((resolve) => setImmediate(resolve));
}

function pollErrors(events: readonly OperationEvent<unknown, unknown>[]): readonly string[] {
  return events.flatMap((event) => (event.type === "pollError" ? event.error.code : []));
}

function fixedToken(): OAuth2Client {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "t", expiry_date: Date.now() + 10 * dayMs });
  return authClient;
}
