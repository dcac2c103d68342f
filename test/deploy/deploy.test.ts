import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import pg from "pg";
import { endLimitMs } from "../../src/cli/commands/worker.ts";
import { createProgram } from "../../src/cli/program.ts";
import { startHealthServer, type HealthServer } from "../../src/workers/health-server.ts";
import { resolveWorkerTimes } from "../../src/workers/worker-options.ts";
import { checkDockerfile, userOf, type ImageFacts } from "./check-dockerfile.ts";
import { checkManifest, readManifest, type WorkerFacts } from "./check-manifest.ts";
import { checkSchema } from "./check-schema.ts";

const root = join(import.meta.dirname, "../..");
const readText = (path: string): Promise<string> => readFile(join(root, path), "utf8");

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const readJson = async (path: string): Promise<Manifest> =>
  JSON.parse(await readText(path)) as Manifest;

/** A text with one thing changed, which must be there. */
function broken(text: string, [from, to]: readonly [string, string]): string {
  expect(text).to.contain(from);
  return text.replaceAll(from, to);
}

describe("examples/deploy/Dockerfile", () => {
  let text: string;
  let facts: ImageFacts;

  before(async () => {
    text = await readText("examples/deploy/Dockerfile");
    const { bin, devDependencies } = await readJson("package.json");
    facts = {
      node: devDependencies["node"] ?? "",
      program: bin["vision-batch"] ?? "",
      files: ["package.json", "package-lock.json", "vision-batch.tgz"],
    };
  });

  it("is one that the linter, the worker and its signals have nothing against", () => {
    expect(checkDockerfile(text, facts)).to.deep.equal([]);
  });

  for (const [change, problem] of [
    [["USER 1000:1000\n", ""], "it runs as root"],
    [["USER 1000:1000\n", "USER node\n"], "it runs as node, not as a number"],
    [["WORKDIR /app", "WORKDIR app"], "absolute"],
    [["FROM node:24-slim\n", "FROM node\n"], "node is not the slim image of Node 24"],
    [["node:24-slim AS", "node:20-slim AS"], "node:20-slim AS packages is not the slim image"],
    [["npm ci --omit=dev", "npm install"], "not those of the lock file"],
    [['ENTRYPOINT ["node", ', 'ENTRYPOINT ["node" '], "SIGTERM reaches no worker"],
    [['"worker"]', '"work"]'], "SIGTERM reaches no worker"],
    [["dist/cli.js", "cli.js"], "SIGTERM reaches no worker"],
    [["COPY package.json", "COPY . "], ". is copied"],
    [["ENV NODE_ENV=production", "ENV PGPASSWORD=secret"], "stays in the image"],
    [["ENV NODE_ENV=production", "ENVIRONMENT a=b"], "Unknown instruction: ENVIRONMENT"],
    [["RUN npm", "RUN [ 'npm' ]\nRUN npm"], "single quotes"],
  ] as const) {
    it(`would be told of ${JSON.stringify(change[0])} as ${JSON.stringify(change[1])}`, () => {
      expect(checkDockerfile(broken(text, change), facts).join("\n")).to.contain(problem);
    });
  }
});

describe("examples/deploy/package.json", () => {
  it("has what a worker needs, of the versions that it is tested with", async () => {
    const { dependencies } = await readJson("examples/deploy/package.json");
    const { devDependencies } = await readJson("package.json");
    const { "vision-batch": own, ...others } = dependencies;
    expect(own).to.equal("file:vision-batch.tgz");
    expect(Object.keys(others)).to.have.members(["pg", "pg-boss", "prom-client"]);
    for (const [name, version] of Object.entries(others)) {
      expect(version, name).to.equal(devDependencies[name]);
    }
  });
});

describe("examples/deploy/worker.yaml", () => {
  let text: string;
  let facts: WorkerFacts;
  let health: HealthServer;

  before(async () => {
    text = await readText("examples/deploy/worker.yaml");
    const metrics = { contentType: "text/plain", read: () => Promise.resolve("") };
    const isReady = (): Promise<boolean> => Promise.resolve(true);
    health = await startHealthServer({ isReady, metrics }, { host: "127.0.0.1", port: 0 });
    const streams = { stdin: process.stdin, stdout: process.stdout, stderr: process.stderr };
    const program = createProgram({ streams, onExitCode: () => undefined });
    const command = program.commands.find((each) => each.name() === "worker");
    if (command === undefined) throw new Error("there is no worker");
    facts = {
      command,
      endLimitMs: (drain) =>
        endLimitMs(resolveWorkerTimes(drain === undefined ? {} : { closeTimeoutMs: drain * 1000 })),
      statusAt: async (path) => (await fetch(`http://${health.address}${path}`)).status,
      variables: ["PGPASSWORD"],
      user: userOf(await readText("examples/deploy/Dockerfile")) ?? "",
    };
  });

  after(() => health.close());

  it("is one that Kubernetes takes and that fits the worker", async () => {
    const objects = readManifest(text);
    expect(objects.map(({ kind }) => kind)).to.have.members([
      ...["ServiceAccount", "Deployment", "PodDisruptionBudget", "NetworkPolicy"],
    ]);
    expect(await checkSchema(objects)).to.deep.equal([]);
    expect(await checkManifest(objects, facts)).to.deep.equal([]);
  });

  it("names a variable that the driver of PostgreSQL reads", () => {
    const before = process.env["PGPASSWORD"];
    process.env["PGPASSWORD"] = "said by the environment";
    try {
      const client = new pg.Client({ connectionString: "postgres://me@127.0.0.1/runs" });
      expect(client.password).to.equal("said by the environment");
    } finally {
      if (before === undefined) delete process.env["PGPASSWORD"];
      else process.env["PGPASSWORD"] = before;
    }
  });

  for (const [change, problem] of [
    [["replicas: 2", "replicas: two"], "replicas must be integer"],
    [["memory: 1Gi", "memory: 1GB"], "quantity"],
    [["runAsNonRoot", "runAsNotRoot"], "runAsNotRoot"],
    [["httpGet: { path: /livez, port: metrics }", "httpGet: { path: /livez }"], "port"],
    [["kind: PodDisruptionBudget", "kind: DisruptionBudget"], "is unknown to Kubernetes"],
  ] as const) {
    it(`would be refused with ${JSON.stringify(change[1])}`, async () => {
      const problems = await checkSchema(readManifest(broken(text, change)));
      expect(problems.join("\n")).to.contain(problem);
    });
  }

  it("would not be read with a key that is said twice", () => {
    const twice = broken(text, ["replicas: 2", "replicas: 2\n  replicas: 3"]);
    expect(() => readManifest(twice)).to.throw("unique");
  });

  for (const [change, problem] of [
    [["PeriodSeconds: 40", "PeriodSeconds: 25"], "killed after 25 s, and may take 25 s"],
    [["--drain=20", "--drain=60"], "killed after 40 s, and may take 65 s"],
    [["/livez", "/healthz"], "/healthz of a worker that is well answers 404"],
    [["--metrics-port=9464", "--metrics-port=9465"], "is asked for at metrics, not at 9465"],
    [["--metrics-host=$(POD_IP)", "--metrics-host=127.0.0.1"], "probes reach nothing"],
    [["readinessProbe", "readyProbe"], "asked neither"],
    [["--concurrency=2", "--threads=2"], "the worker has no --threads"],
    [["--concurrency=2", "--concurrency"], "--concurrency is not given as it is taken"],
    [["name: VISION_BATCH_JOURNAL", "name: JOURNAL"], "nobody reads JOURNAL"],
    [["secretKeyRef: { name: vision-batch-journal, key: url }", "fieldRef: {}"], "from a Secret"],
    [["name: POD_IP", "name: HOST_IP"], "POD_IP is in the arguments and nowhere else"],
    [["runAsUser: 1000", "runAsUser: 0"], "does not run as the user of the image"],
    [["readOnlyRootFilesystem: true", "privileged: true"], "more than it needs"],
    [["worker:0.1.0", "worker:latest"], "names no version"],
    [["memory: 1Gi", "cpu: 1"], "what it takes of a machine"],
    [["serviceAccountName: vision", "serviceAccountName: other"], "there is no account other"],
    [
      [
        "podSelector:\n    matchLabels: { app.kubernetes.io/name:",
        "podSelector:\n    matchLabels: { name:",
      ],
      "NetworkPolicy selects other pods",
    ],
  ] as const) {
    it(`would not fit with ${JSON.stringify(change[1])}`, async () => {
      const problems = await checkManifest(readManifest(broken(text, change)), facts);
      expect(problems.join("\n")).to.contain(problem);
    });
  }
});
