import { once } from "node:events";
import {
  connect as connectTo,
  createServer as createTcpServer,
  type AddressInfo,
  type Socket,
} from "node:net";
import { createServer } from "node:http";
import { text as textOf } from "node:stream/consumers";
import tls from "node:tls";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import type { RawResponse } from "../../src/index.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
} from "../../src/protocol/method-table.ts";
import {
  resolveConnection,
  RestTransport,
  type ConnectionOptions,
} from "../../src/transport/index.ts";
import { submitOutcome } from "../../src/transport/submit-outcome.ts";
import type { Attempt, AttemptFailure, AttemptOutcome } from "../../src/transport/transport.ts";
import { drop, json, startHttpServer, text, type HttpAnswer } from "../fixtures/http-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { createSelfSigned } from "../fixtures/self-signed.ts";

const cleanUps: (() => unknown)[] = [];

function open(options: ConnectionOptions): RestTransport {
  const all: ConnectionOptions = { ...options, transport: "rest" };
  const transport = new RestTransport(resolveConnection(all, "vision.googleapis.com", {}), all, []);
  cleanUps.push(() => transport.close());
  return transport;
}

async function openWithServer(...answers: HttpAnswer[]) {
  const server = await startHttpServer(answers);
  cleanUps.push(server.stop);
  return { server, transport: open({ emulator: { rest: server.address } }) };
}

const operations = operationsService.methods;
const method = (name: string): MethodEntry => operations[name] as MethodEntry;
const read: Attempt = {
  method: method("getOperation"),
  request: { name: "projects/p/operations/x" },
  timeoutMs: 5000,
  whenReady: false,
};

async function submit(): Promise<Attempt> {
  const { ImageAnnotator } = await loadServices("v1");
  const request = {
    requests: [
      { features: [{ type: 5, maxResults: 0, model: "" }], image: { content: Buffer.of(1) } },
    ],
    parent: "projects/p/locations/eu",
    labels: { team: "a" },
  };
  const entry = ImageAnnotator.methods["asyncBatchAnnotateImages"] as MethodEntry;
  return { method: entry, request, timeoutMs: 5000, whenReady: true };
}

function failed(outcome: AttemptOutcome): AttemptFailure {
  if (outcome.ok) throw new Error("the attempt was answered");
  return outcome;
}

describe("RestTransport", () => {
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  describe("sends", () => {
    it("proto3 JSON to the URL that the request fills most of", async () => {
      const { server, transport } = await openWithServer(json({ name: "operations/x" }));
      const outcome = await transport.attempt(await submit());
      expect(outcome).to.have.nested.property("response.name", "operations/x");
      const [request] = server.requests;
      expect(request).to.include({
        method: "POST",
        url: "/v1/projects/p/locations/eu/images:asyncBatchAnnotate",
      });
      expect(JSON.parse(request?.body ?? "")).to.deep.equal({
        requests: [{ image: { content: "AQ==" }, features: [{ type: "TEXT_DETECTION" }] }],
        labels: { team: "a" },
      });
    });

    it("the fields of a read in its query", async () => {
      const { server, transport } = await openWithServer(json({}));
      const request = { name: "projects/p", filter: "done=true", pageSize: 2, pageToken: "a+b/=" };
      await transport.attempt({ ...read, method: method("listOperations"), request });
      expect(server.requests[0]).to.include({
        method: "GET",
        url: "/v1/projects/p/operations?filter=done%3Dtrue&pageSize=2&pageToken=a%2Bb%2F%3D",
        body: "",
      });
    });

    it("the headers that Google's APIs ask for, and the caller's own", async () => {
      const { server, transport } = await openWithServer(json({}));
      await transport.attempt({ ...read, headers: { "X-Mine": "1" } });
      const headers = server.requests[0]?.headers ?? {};
      expect(headers).to.include({
        "accept-encoding": "gzip",
        "x-goog-request-params": "name=projects%2Fp%2Foperations%2Fx",
        "x-server-timeout": "5",
        "x-mine": "1",
      });
      expect(headers["user-agent"]).to.match(/^vision-batch\/\d+\.\d+\.\d+ \(gzip\)/);
      expect(headers["x-goog-api-client"]).to.match(/^gl-node\/\S+ gccl\/\S+ rest\/\S+$/);
      expect(headers).to.not.have.property("authorization");
    });

    it("cancels, deletes and lists whatever form the name of an operation has", async () => {
      const { server, transport } = await openWithServer(json({}));
      const parents = ["", "projects/p/", "projects/p/locations/eu/", "locations/eu/"];
      for (const parent of parents) {
        const request = { name: `${parent}operations/x` };
        for (const name of ["getOperation", "cancelOperation", "deleteOperation"]) {
          const outcome = await transport.attempt({ ...read, method: method(name), request });
          expect(outcome.ok, `${name} ${request.name}`).to.equal(true);
        }
        for (const name of [`${parent}operations`, parent.slice(0, -1)].filter(Boolean)) {
          const outcome = await transport.attempt({
            ...read,
            method: method("listOperations"),
            request: { name },
          });
          expect(outcome.ok, `listOperations ${name}`).to.equal(true);
        }
      }
      expect(
        server.requests.slice(0, 4).map(({ method: verb, url }) => `${verb} ${url}`),
      ).to.deep.equal([
        "GET /v1/operations/x",
        "POST /v1/operations/x:cancel",
        "DELETE /v1/operations/x",
        "GET /v1/operations",
      ]);
      expect(new Set(server.requests.slice(-2).map(({ url }) => url))).to.deep.equal(
        new Set(["/v1/locations/eu/operations"]),
      );
    });

    it("nothing for WaitOperation, which has no URL, and for a name that fits none", async () => {
      const { server, transport } = await openWithServer(json({}));
      const wait = await transport.attempt({ ...read, method: method("waitOperation") });
      expect(failed(wait)).to.deep.include({ mayHaveBeenSent: false });
      expect(failed(wait).status.code).to.equal("UNIMPLEMENTED");
      const odd = await transport.attempt({ ...read, request: { name: "x/y" } });
      expect(failed(odd)).to.deep.include({ mayHaveBeenSent: false });
      expect(failed(odd).status.code).to.equal("INVALID_ARGUMENT");
      expect(server.requests).to.have.length(0);
    });

    it("one request after another over one connection", async () => {
      const { server, transport } = await openWithServer(json({}));
      for (let count = 0; count < 3; count += 1) await transport.attempt(read);
      expect(server.connections()).to.equal(1);
    });

    it("a submit once, whatever comes back", async () => {
      const answers: HttpAnswer[] = [
        drop,
        json({}, 503),
        json({}, 429),
        text(401, ""),
        text(403, ""),
        text(307, "", { location: "/v1/images:annotate" }),
      ];
      const { server, transport } = await openWithServer(...answers);
      for (const _answer of answers) await transport.attempt(await submit());
      expect(server.requests).to.have.length(answers.length);
    });
  });

  describe("a submit that may not leave any more", () => {
    it("is not sent over a connection that is there, and ends as nothing that was sent", async () => {
      const { server, transport } = await openWithServer(json({}), json({}));
      expect((await transport.attempt(await submit())).ok).to.equal(true);
      // Allowed when the attempt begins, and not when its connection could carry it.
      const answers = [true, false];
      const mayLeave = (): boolean => answers.shift() ?? false;
      const failure = failed(await transport.attempt({ ...(await submit()), mayLeave }));
      expect(failure).to.include({ mayHaveBeenSent: false });
      expect(failure.status.code).to.equal("CANCELLED");
      expect(answers).to.be.empty;
      expect((await transport.attempt(await submit())).ok).to.equal(true);
      expect(server.requests).to.have.length(2);
    });

    it("is not sent over a connection that was made for it", async () => {
      const { server, transport } = await openWithServer(json({}));
      const answers = [true, false];
      const mayLeave = (): boolean => answers.shift() ?? false;
      const failure = failed(await transport.attempt({ ...(await submit()), mayLeave }));
      expect(failure).to.include({ mayHaveBeenSent: false });
      expect(failure.status.code).to.equal("CANCELLED");
      expect((await transport.attempt(await submit())).ok).to.equal(true);
      expect(server.requests).to.have.length(1);
    });
  });

  describe("reads", () => {
    it("an operation with the parts of its own version, and a list of them", async () => {
      const operation = {
        name: "operations/x",
        done: true,
        metadata: {
          "@type": "type.googleapis.com/google.cloud.vision.v1p4beta1.OperationMetadata",
          state: "DONE",
          createTime: "2026-01-01T00:00:00.123456789Z",
        },
      };
      const { transport } = await openWithServer(
        json(operation),
        json({ operations: [operation] }),
      );
      const { OperationMetadata } = await import("../../src/protocol/v1p4beta1.ts");
      const one = await transport.attempt(read);
      const page = await transport.attempt({
        ...read,
        method: method("listOperations"),
        request: { name: "operations" },
      });
      for (const path of ["response", "response.operations[0]"]) {
        const outcome = path === "response" ? one : page;
        expect(outcome).to.have.nested.property(`${path}.done`, true);
        expect(outcome).to.have.nested.property(`${path}.metadata.value`);
      }
      const { response } = one as unknown as { response: { metadata: { value: Uint8Array } } };
      const metadata = OperationMetadata.decode(response.metadata.value);
      expect(metadata.createTime?.nanos).to.equal(123456789);
    });

    it("an answer that is zipped", async () => {
      const zipped: HttpAnswer = (response) => {
        response.writeHead(200, { "content-encoding": "gzip" });
        response.end(gzipSync(JSON.stringify({ name: "operations/zipped" })));
      };
      const { transport } = await openWithServer(zipped);
      expect(await transport.attempt(read)).to.have.nested.property(
        "response.name",
        "operations/zipped",
      );
    });

    for (const [what, body] of [
      ["no JSON", "<html>log in</html>"],
      ["nothing", ""],
      ["JSON of another form", '{"name":5}'],
      ["cut JSON", '{"name":"x"'],
    ] as const) {
      it(`an accepted answer that is ${what} as a failure of an unknown outcome`, async () => {
        const { transport } = await openWithServer(text(200, body));
        const failure = failed(await transport.attempt(await submit()));
        expect(failure.mayHaveBeenSent).to.equal(true);
        expect(failure.status.code).to.equal("INTERNAL");
      });
    }
  });

  describe("tells of a refusal", () => {
    it("code, message and details, as gRPC does", async () => {
      const details = [
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "1.500s" },
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "R", domain: "d" },
        { "@type": "type.googleapis.com/unknown.Thing", some: "field" },
      ];
      const error = { code: 400, message: "no", status: "FAILED_PRECONDITION", details };
      const { transport } = await openWithServer(json({ error }, 400), json([{ error }], 400));
      for (let count = 0; count < 2; count += 1) {
        const failure = failed(await transport.attempt(read));
        expect(failure.mayHaveBeenSent).to.equal(true);
        expect(failure.status).to.deep.equal({
          code: "FAILED_PRECONDITION",
          message: "no",
          details: [
            {
              typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
              value: { retryDelay: "1.500s" },
            },
            {
              typeUrl: "type.googleapis.com/google.rpc.ErrorInfo",
              value: { reason: "R", domain: "d" },
            },
            { typeUrl: "type.googleapis.com/unknown.Thing", value: { some: "field" } },
          ],
        });
      }
    });

    it("the HTTP status, where an error claims to be OK", async () => {
      const { transport } = await openWithServer(json({ error: { status: "OK" } }, 500));
      expect(failed(await transport.attempt(read)).status.code).to.equal("INTERNAL");
    });

    for (const [status, code] of [
      [400, "INVALID_ARGUMENT"],
      [401, "UNAUTHENTICATED"],
      [403, "PERMISSION_DENIED"],
      [404, "UNIMPLEMENTED"],
      [407, "FAILED_PRECONDITION"],
      [408, "UNAVAILABLE"],
      [409, "ABORTED"],
      [410, "UNKNOWN"],
      [418, "UNKNOWN"],
      [431, "FAILED_PRECONDITION"],
      [460, "UNKNOWN"],
      [499, "CANCELLED"],
      [429, "RESOURCE_EXHAUSTED"],
      [302, "UNKNOWN"],
      [500, "INTERNAL"],
      [502, "UNAVAILABLE"],
      [503, "UNAVAILABLE"],
      [504, "DEADLINE_EXCEEDED"],
    ] as const) {
      it(`${status} of something in between as ${code}, with what it says`, async () => {
        const page = `<html><style>p{}</style><p>Bad\n  <b>gateway</b></p>${"x".repeat(999)}</html>`;
        const { transport } = await openWithServer(text(status, page), text(status, ""));
        const { status: said } = failed(await transport.attempt(read));
        expect(said.code).to.equal(code);
        expect(said.message).to.match(new RegExp(`^HTTP ${status} .*: Bad gateway x+$`));
        expect(said.message.length).to.be.below(300);
        expect(failed(await transport.attempt(read)).status.message).to.contain("an empty body");
      });
    }

    it("no 4xx of something in between as a refusal that may come of a request that was passed on", async () => {
      const answers = {
        403: "rejected",
        407: "rejected",
        429: "rejected",
        408: "unknown",
      } as const;
      const others = { 409: "unknown", 410: "unknown", 460: "unknown", 499: "unknown" } as const;
      for (const [status, outcome] of Object.entries({ ...answers, ...others })) {
        const { transport } = await openWithServer(text(Number(status), "<p>No</p>"));
        const failure = failed(await transport.attempt(await submit()));
        expect(failure.mayHaveBeenSent, status).to.equal(true);
        expect(submitOutcome(failure, (await submit()).method), status).to.equal(outcome);
      }
    });

    for (const [what, piece] of [
      ["tags", "<"],
      ["styles", "<style "],
    ] as const) {
      it(`a page of ${what} that are never closed, without dwelling on it`, async () => {
        const { transport } = await openWithServer(text(502, `Bad ${piece.repeat(200_000)}`));
        const startedAt = performance.now();
        const { status } = failed(await transport.attempt(read));
        expect(performance.now() - startedAt).to.be.below(1000);
        expect(status.message).to.match(/: Bad$/);
      });
    }
  });

  describe("tells what was sent", () => {
    it("nothing, where the connection is refused", async () => {
      const server = await startHttpServer([]);
      await server.stop();
      const transport = open({ emulator: { rest: server.address } });
      const failure = failed(await transport.attempt(await submit()));
      expect(failure.mayHaveBeenSent).to.equal(false);
      expect(failure.status.code).to.equal("UNAVAILABLE");
      expect(failure.status.message).to.contain("ECONNREFUSED");
    });

    it("perhaps all, where the connection breaks before the answer", async () => {
      const { transport } = await openWithServer(drop);
      const failure = failed(await transport.attempt(await submit()));
      expect(failure.mayHaveBeenSent).to.equal(true);
      expect(failure.status.code).to.equal("UNAVAILABLE");
    });

    for (const encoding of ["chunked", "content-length"] as const) {
      it(`perhaps all, where it breaks in the middle of the answer (${encoding})`, async () => {
        const partly: HttpAnswer = (response) => {
          response.writeHead(200, encoding === "chunked" ? {} : { "content-length": 99 });
          response.write('{"name":', () => response.socket?.destroy());
        };
        const { transport } = await openWithServer(partly);
        const failure = failed(await transport.attempt(await submit()));
        expect(failure.mayHaveBeenSent).to.equal(true);
        expect(failure.status.code).to.equal("UNAVAILABLE");
      });
    }

    it("perhaps all, where a connection breaks that was used before", async () => {
      const { server, transport } = await openWithServer(json({}), drop);
      const attempt = await submit();
      await transport.attempt(attempt);
      expect(failed(await transport.attempt(attempt)).mayHaveBeenSent).to.equal(true);
      expect(server.connections()).to.equal(1);
    });
  });

  describe("ends", () => {
    it("with DEADLINE_EXCEEDED where no answer comes, and frees the server", async () => {
      const { server, transport } = await openWithServer(() => undefined);
      const failure = failed(await transport.attempt({ ...(await submit()), timeoutMs: 100 }));
      expect(failure).to.deep.include({ mayHaveBeenSent: true });
      expect(failure.status.code).to.equal("DEADLINE_EXCEEDED");
      expect(await server.requests[0]?.ended).to.equal(false);
    });

    it("with DEADLINE_EXCEEDED where the body does not end", async () => {
      const slow: HttpAnswer = (response) => response.write("{");
      const { server, transport } = await openWithServer(slow);
      const failure = failed(await transport.attempt({ ...read, timeoutMs: 100 }));
      expect(failure.status.code).to.equal("DEADLINE_EXCEEDED");
      expect(await server.requests[0]?.ended).to.equal(false);
    });

    for (const [when, answer] of [
      ["before the answer", () => undefined],
      ["in the middle of the answer", (response) => response.write("{")],
    ] as const satisfies readonly (readonly [string, HttpAnswer])[]) {
      it(`with CANCELLED and the reason of an abort ${when}, at both ends`, async () => {
        const { server, transport } = await openWithServer(answer);
        const stop = new AbortController();
        const attempt = transport.attempt({ ...read, signal: stop.signal });
        while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
        const reason = new Error("enough");
        stop.abort(reason);
        const failure = failed(await attempt);
        expect(failure.status.code).to.equal("CANCELLED");
        expect(failure.cause).to.equal(reason);
        expect(await server.requests[0]?.ended).to.equal(false);
      });
    }

    it("unsent with a signal that had aborted before", async () => {
      const { server, transport } = await openWithServer(json({}));
      const reason = new Error("enough");
      const failure = failed(
        await transport.attempt({ ...read, signal: AbortSignal.abort(reason) }),
      );
      expect(failure).to.include({ mayHaveBeenSent: false, cause: reason });
      expect(server.requests).to.have.length(0);
    });

    it("by close(): what was sent is answered, later attempts are refused, connections are gone", async () => {
      let answer = (): void => undefined;
      const held: HttpAnswer = (response) => {
        answer = () => response.end("{}");
      };
      const { server, transport } = await openWithServer(held);
      const attempt = transport.attempt(read);
      while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
      await transport.close();
      const later = failed(await transport.attempt(read));
      expect(later).to.include({ mayHaveBeenSent: false });
      expect(later.status.code).to.equal("FAILED_PRECONDITION");
      answer();
      expect((await attempt).ok).to.equal(true);
      while (server.open() > 0) await new Promise((resolve) => setImmediate(resolve));
      expect(server.requests).to.have.length(1);
    });
  });

  describe("raw", () => {
    const big = JSON.stringify({ text: "a".repeat(500_000) });

    async function streamed(attempt: Attempt, ...answers: HttpAnswer[]) {
      const { server, transport } = await openWithServer(...answers);
      const outcome = await transport.raw.attempt(attempt);
      if (!outcome.ok) throw new Error(outcome.status.message);
      return { server, response: outcome.response as RawResponse };
    }

    it("gives the body as it comes, unzipped", async () => {
      const zipped: HttpAnswer = (response) => {
        response.writeHead(200, { "content-encoding": "gzip", "X-Some": "1" }).end(gzipSync(big));
      };
      const { response } = await streamed(await submit(), zipped);
      expect(response.status).to.equal(200);
      expect(response.headers).to.include({ "x-some": "1" });
      expect(await textOf(response.body)).to.equal(big);
    });

    it("tells of a refusal as ever", async () => {
      const { server, transport } = await openWithServer(
        json({ error: { status: "NOT_FOUND" } }, 404),
      );
      const failure = failed(await transport.raw.attempt(await submit()));
      expect(failure.status.code).to.equal("NOT_FOUND");
      expect(server.requests).to.have.length(1);
    });

    it("is ended at both ends by its signal, also in the middle", async () => {
      const stop = new AbortController();
      const attempt = { ...(await submit()), signal: stop.signal };
      const { server, response } = await streamed(attempt, (answer) => answer.write("{"));
      await once(response.body, "readable");
      const reason = new Error("enough");
      stop.abort(reason);
      expect(await rejection(textOf(response.body))).to.equal(reason);
      expect(await server.requests[0]?.ended).to.equal(false);
    });

    it("ends the process of nobody who has not begun to read", async () => {
      const attempt = { ...(await submit()), timeoutMs: 50 };
      const { server, response } = await streamed(attempt, (answer) => answer.write("{"));
      expect(await server.requests[0]?.ended).to.equal(false);
      expect(await rejection(textOf(response.body))).to.have.property("code", "DEADLINE_EXCEEDED");
    });

    it("frees the server when its body is destroyed", async () => {
      const { server, response } = await streamed(await submit(), (answer) => answer.write("{"));
      response.body.destroy();
      expect(await server.requests[0]?.ended).to.equal(false);
    });
  });

  describe("over TLS", () => {
    const pair = createSelfSigned();
    const trusted = tls.getCACertificates("default");

    const trust = (): void => {
      tls.setDefaultCACertificates([pair.certificate]);
      cleanUps.push(() => {
        tls.setDefaultCACertificates(trusted);
      });
    };

    function credentials(): OAuth2Client {
      const client = new OAuth2Client();
      client.setCredentials({ access_token: "secret", expiry_date: Date.now() + 3_600_000 });
      return client;
    }

    async function openTls(options: ConnectionOptions, ...answers: HttpAnswer[]) {
      const server = await startHttpServer(answers, pair);
      cleanUps.push(server.stop);
      const endpoint = `localhost:${server.port}`;
      return { server, transport: open({ endpoint, authClient: credentials(), ...options }) };
    }

    it("carries token and quota project", async () => {
      trust();
      const { server, transport } = await openTls(
        { quotaProjectId: "payer" },
        json({ name: "operations/x" }),
      );
      expect((await transport.attempt(await submit())).ok).to.equal(true);
      expect(server.requests[0]?.headers).to.include({
        authorization: "Bearer secret",
        "x-goog-user-project": "payer",
      });
    });

    it("sends nothing to a server whose certificate is not trusted", async () => {
      const { server, transport } = await openTls({}, json({}));
      const failure = failed(await transport.attempt(await submit()));
      expect(failure.mayHaveBeenSent).to.equal(false);
      expect(failure.status.code).to.equal("UNAVAILABLE");
      expect(server.requests).to.have.length(0);
    });

    it("sent nothing when the time is over before the handshake", async () => {
      const sockets: Socket[] = [];
      const silent = createTcpServer((socket) => sockets.push(socket.on("error", () => undefined)));
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      cleanUps.push(() => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      });
      const { port } = silent.address() as AddressInfo;
      const transport = open({ endpoint: `localhost:${port}`, authClient: credentials() });
      const failure = failed(await transport.attempt({ ...(await submit()), timeoutMs: 100 }));
      expect(failure.mayHaveBeenSent).to.equal(false);
      expect(failure.status.code).to.equal("DEADLINE_EXCEEDED");
      expect(sockets).to.have.length(1);
    });

    it("takes what it cannot see for sent", async () => {
      const authClient = credentials();
      const fetchImplementation = (): Promise<never> => Promise.reject(new Error("no network"));
      authClient.transporter.defaults = { fetchImplementation: fetchImplementation };
      const failure = failed(
        await open({ endpoint: "localhost:1", authClient }).attempt(await submit()),
      );
      expect(failure.mayHaveBeenSent).to.equal(true);
      expect(failure.status.message).to.equal("no network");
    });

    it("sends a submit once where an auth client would send it again, and has the token renewed", async () => {
      trust();
      let issued = 0;
      const issuer = await startHttpServer([
        (response) => {
          issued += 1;
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ access_token: `token-${issued}`, expires_in: 3600 }));
        },
      ]);
      cleanUps.push(issuer.stop);
      const authClient = new OAuth2Client({
        clientId: "id",
        clientSecret: "secret",
        endpoints: { oauth2TokenUrl: `http://${issuer.address}/token` },
        forceRefreshOnFailure: true,
      });
      authClient.setCredentials({ refresh_token: "r" });
      const { server, transport } = await openTls(
        { authClient },
        text(401, ""),
        text(403, ""),
        json({}),
      );
      const attempt = await submit();
      expect(failed(await transport.attempt(attempt)).status.code).to.equal("UNAUTHENTICATED");
      expect(failed(await transport.attempt(attempt)).status.code).to.equal("PERMISSION_DENIED");
      expect((await transport.attempt(attempt)).ok).to.equal(true);
      const tokens = server.requests.map(({ headers }) => headers.authorization);
      expect(tokens).to.deep.equal(["Bearer token-1", "Bearer token-2", "Bearer token-2"]);
    });

    it("keeps a token from a service of another universe", async () => {
      trust();
      const { server, transport } = await openTls({ universeDomain: "example.test" }, json({}));
      const failure = failed(await transport.attempt(await submit()));
      expect(failure.status.code).to.equal("UNAUTHENTICATED");
      expect(server.requests).to.have.length(0);
    });

    it("says that there are no credentials, and sends nothing", async () => {
      trust();
      const authClient = new OAuth2Client();
      const { server, transport } = await openTls({ authClient }, json({}));
      const failure = failed(await transport.attempt(await submit()));
      expect(failure).to.deep.include({ mayHaveBeenSent: false });
      expect(failure.status.code).to.equal("UNAUTHENTICATED");
      expect(server.requests).to.have.length(0);
    });

    describe("through the proxy of the environment", () => {
      async function startProxy(refusal?: number) {
        const tunnels: string[] = [];
        const sockets: Socket[] = [];
        const proxy = createServer();
        proxy.on("connect", (request, socket: Socket) => {
          tunnels.push(request.url ?? "");
          sockets.push(socket);
          socket.on("error", () => undefined);
          if (refusal !== undefined) {
            socket.end(`HTTP/1.1 ${refusal} No\r\ncontent-type: text/html\r\n\r\n<p>not you</p>`);
            return;
          }
          const [host = "", port = ""] = (request.url ?? "").split(":");
          const far = connectTo(Number(port), host).on("error", () => socket.destroy());
          sockets.push(far);
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          far.pipe(socket).pipe(far);
          far.once("close", () => socket.destroy());
        });
        await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
        process.env["HTTPS_PROXY"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
        cleanUps.push(() => {
          delete process.env["HTTPS_PROXY"];
          for (const socket of sockets) socket.destroy();
          proxy.close();
          proxy.closeAllConnections();
        });
        return tunnels;
      }

      it("calls the service by a tunnel", async () => {
        trust();
        const tunnels = await startProxy();
        const { server, transport } = await openTls({}, json({}), drop);
        expect((await transport.attempt(await submit())).ok).to.equal(true);
        expect(tunnels).to.deep.equal([`localhost:${server.port}`]);
        expect(failed(await transport.attempt(await submit())).mayHaveBeenSent).to.equal(true);
      });

      for (const [refusal, code] of [
        [407, "FAILED_PRECONDITION"],
        [403, "PERMISSION_DENIED"],
        [502, "UNAVAILABLE"],
      ] as const) {
        it(`knows that nothing was sent when the proxy says ${refusal}`, async () => {
          trust();
          await startProxy(refusal);
          const { server, transport } = await openTls({}, json({}));
          const failure = failed(await transport.attempt(await submit()));
          expect(failure.mayHaveBeenSent).to.equal(false);
          expect(failure.status.code).to.equal(code);
          expect(failure.status.message).to.contain("not you");
          expect(server.requests).to.have.length(0);
        });
      }

      it("does not take it to an emulator", async () => {
        const tunnels = await startProxy(403);
        const { transport } = await openWithServer(json({}));
        expect((await transport.attempt(read)).ok).to.equal(true);
        expect(tunnels).to.deep.equal([]);
      });
    });
  });

  it("takes the project from the options", async () => {
    expect(await open({ authClient: new OAuth2Client(), projectId: "p" }).projectId()).to.equal(
      "p",
    );
  });
});
