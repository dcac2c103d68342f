import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { ServerCredentials } from "@grpc/grpc-js";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { SubmitError, VisionBatchClient, type VisionBatchClientOptions } from "../../src/index.ts";
import { imagesRequest } from "../fixtures/emulator.ts";
import { accept, refuse, startGrpcServer, type Answer } from "../fixtures/grpc-server.ts";
import { rejection } from "../fixtures/rejection.ts";
import { createSelfSigned } from "../fixtures/self-signed.ts";

const { certificate, key } = createSelfSigned();
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const serviceAccount = {
  type: "service_account",
  project_id: "of-the-key",
  client_email: "robot@of-the-key.iam.gserviceaccount.com",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  private_key_id: "k1",
};

describe("what a call carries to a server over TLS", () => {
  const trusted = tls.getCACertificates("default");
  const cleanUps: (() => unknown)[] = [];

  before(() => {
    tls.setDefaultCACertificates([certificate]);
  });

  after(() => {
    tls.setDefaultCACertificates(trusted);
  });

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) };
  let credentials: ServerCredentials;

  beforeEach(() => {
    credentials = ServerCredentials.createSsl(null, [pair]);
  });

  async function open(options: VisionBatchClientOptions, ...answers: Answer[]) {
    const server = await startGrpcServer(answers.length > 0 ? answers : [accept], credentials);
    cleanUps.push(server.stop);
    const endpoint = server.address.replace("127.0.0.1", "localhost");
    const pollSchedule = { initialMs: 1, multiplier: 1, maxMs: 1, jitter: 0 };
    const client = new VisionBatchClient({ endpoint, pollSchedule, ...options });
    cleanUps.push(() => client.close());
    const sent = (header: string): unknown[] =>
      server.calls.map((call) => call.metadata.get(header)[0]);
    return { client, sent };
  }

  async function endpointsOf(issuer: Server) {
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
    cleanUps.push(() => issuer.close());
    const { port } = issuer.address() as AddressInfo;
    return { oauth2TokenUrl: `http://127.0.0.1:${port}/token` };
  }

  function setForTest(name: string, value: string): void {
    const before = process.env[name];
    process.env[name] = value;
    cleanUps.push(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }

  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), "vision-batch-key-"));
    cleanUps.push(() => rm(path, { recursive: true }));
    return path;
  }

  it("is a token signed by the given credentials, and the quota project", async () => {
    const { client, sent } = await open({ credentials: serviceAccount, quotaProjectId: "payer" });
    await client.operation("operations/x").poll();
    expect(claimsOf(sent("authorization")[0])).to.include({ iss: serviceAccount.client_email });
    expect(sent("x-goog-user-project")).to.deep.equal(["payer"]);
  });

  it("is a token signed by the key of a key file", async () => {
    const keyFilename = join(await folder(), "key.json");
    await writeFile(keyFilename, JSON.stringify(serviceAccount));
    const { client, sent } = await open({ keyFilename });
    await client.asyncBatchAnnotateImages(imagesRequest(1));
    expect(claimsOf(sent("authorization")[0])).to.include({ iss: serviceAccount.client_email });
    expect(sent("x-goog-user-project")).to.deep.equal([undefined]);
  });

  it("is a token of the application default credentials", async () => {
    const path = join(await folder(), "key.json");
    await writeFile(path, JSON.stringify(serviceAccount));
    setForTest("GOOGLE_APPLICATION_CREDENTIALS", path);
    const { client, sent } = await open({});
    await client.operation("operations/x").poll();
    expect(claimsOf(sent("authorization")[0])).to.include({ iss: serviceAccount.client_email });
  });

  it("is the token of a given auth client, and the quota project", async () => {
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: "mine", expiry_date: Date.now() + 3_600_000 });
    const { client, sent } = await open({ authClient, quotaProjectId: "payer" });
    await client.operation("operations/x").poll();
    expect(sent("authorization")).to.deep.equal(["Bearer mine"]);
    expect(sent("x-goog-user-project")).to.deep.equal(["payer"]);
  });

  it("takes the project of the credentials for the parent that a location needs", async () => {
    const { client } = await open(
      { credentials: serviceAccount, location: "eu" },
      (call, reply) => {
        const { parent } = call.request as { parent: string };
        reply(null, { name: `${parent}/operations/x`, done: false });
      },
    );
    const handle = await client.asyncBatchAnnotateImages(imagesRequest(1));
    expect(handle.name).to.equal("projects/of-the-key/locations/eu/operations/x");
  });

  it("is another token once the server has refused the one that was cached", async () => {
    let tokens = 0;
    const issuer = createServer((_request, response) => {
      tokens += 1;
      response.setHeader("content-type", "application/json");
      response.setHeader("connection", "close");
      response.end(JSON.stringify({ access_token: `token-${tokens}`, expires_in: 3600 }));
    });
    const authClient = new OAuth2Client({ clientId: "id", endpoints: await endpointsOf(issuer) });
    authClient.setCredentials({ refresh_token: "refresh" });
    const done: Answer = (_call, reply) => {
      reply(null, {
        name: "operations/x",
        done: true,
        error: { code: 5, message: "", details: [] },
      });
    };
    const { client, sent } = await open({ authClient }, refuse(16, "revoked"), done);
    expect(await rejection(client.operation("operations/x").wait())).to.include({
      name: "OperationFailedError",
    });
    expect(sent("authorization")).to.deep.equal(["Bearer token-1", "Bearer token-2"]);
  });

  it("waits over a token server that is down, but not over one that refuses", async () => {
    for (const [status, code] of [
      [undefined, "UNAVAILABLE"],
      [400, "UNAUTHENTICATED"],
    ] as const) {
      const issuer = createServer((request, response) => {
        if (status === undefined) request.socket.destroy();
        else response.writeHead(status, { connection: "close" }).end("{}");
      });
      const authClient = new OAuth2Client({ clientId: "id", endpoints: await endpointsOf(issuer) });
      authClient.setCredentials({ refresh_token: "refresh" });
      const { client, sent } = await open({ authClient });
      const events = client.operation("operations/x").watch();
      const { value } = await events.next();
      expect(value).to.include({ type: "pollError" }).and.nested.include({ "error.code": code });
      await events.return();
      expect(sent("authorization")).to.deep.equal([]);
    }
  });

  it("is the client certificate of the machine, where the environment asks for mTLS", async () => {
    credentials = ServerCredentials.createSsl(Buffer.from(certificate), [pair], true);
    const without = await open({ credentials: serviceAccount });
    expect(await rejection(without.client.operation("operations/x").poll())).to.include({
      code: "UNAVAILABLE",
    });

    const home = await folder();
    await mkdir(join(home, ".secureConnect"));
    await writeFile(join(home, "pair.pem"), certificate + key);
    const command = [process.execPath, "-p", `fs.readFileSync("${home}/pair.pem", "utf8")`];
    const metadata = JSON.stringify({ cert_provider_command: command });
    await writeFile(join(home, ".secureConnect/context_aware_metadata.json"), metadata);
    setForTest("HOME", home);
    setForTest("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true");
    const { client, sent } = await open({ credentials: serviceAccount });
    await client.operation("operations/x").poll();
    expect(sent("authorization")).to.have.length(1);
  });

  it("is nothing, within the time limit, where credentials hang", async () => {
    const authClient = new OAuth2Client();
    authClient.getRequestHeaders = () => new Promise(() => undefined);
    const { client, sent } = await open({ authClient });
    const submit = client.asyncBatchAnnotateImages(imagesRequest(1), { timeoutMs: 50 });
    const error = await rejection(submit);
    expect(error).to.be.instanceOf(SubmitError);
    expect(error).to.include({ code: "DEADLINE_EXCEEDED", outcome: "rejected" });
    expect(sent("authorization")).to.deep.equal([]);
  });

  it("is nothing where the credentials are of another universe", async () => {
    const { client, sent } = await open({
      credentials: serviceAccount,
      universeDomain: "other.test",
    });
    const error = await rejection(client.asyncBatchAnnotateImages(imagesRequest(1)));
    expect(error).to.be.instanceOf(SubmitError).and.include({ outcome: "rejected" });
    expect(error).to.have.property("message").that.contains("universe domain (other.test)");
    expect(sent("authorization")).to.deep.equal([]);
  });
});

/** What a signed token says, unverified. */
function claimsOf(header: unknown): unknown {
  const [, claims = ""] = String(header)
    .replace(/^Bearer /, "")
    .split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString()) as unknown;
}
