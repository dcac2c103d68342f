import { expect } from "chai";
import { RpcError, SubmitError } from "../../src/index.ts";
import type { FaultRule } from "../../src/emulator/index.ts";
import { apiVersions, type ApiVersion } from "../../src/protocol/api-version.ts";
import { loadJsonCodec } from "../../src/protocol/json-codec.ts";
import { loadJsonTables } from "../../src/protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../../src/protocol/json/type-registry.ts";
import {
  loadServices,
  messagesOver,
  operationsService,
  versionOfType,
  type MethodEntry,
  type ServiceEntry,
  type TransportName,
} from "../../src/protocol/method-table.ts";
import {
  createCaller,
  GrpcTransport,
  resolveConnection,
  RestTransport,
  type Caller,
} from "../../src/transport/index.ts";
import { TestEmulator } from "../fixtures/emulator.ts";
import { parityCases, type Json, type ParityScope } from "./parity-cases.ts";

/** What came of a call, as data that does not depend on where it ran. */
type Outcome = { readonly response: unknown } | { readonly error: unknown };

const transports = ["grpc", "rest"] as const satisfies readonly TransportName[];

// The suite is made of the method tables, so that a new method is compared, or misses its case.
const tables = new Map<ApiVersion, readonly ServiceEntry[]>();
for (const version of apiVersions) {
  const { ImageAnnotator, ProductSearch } = await loadServices(version);
  const services = [ImageAnnotator, ...(ProductSearch === undefined ? [] : [ProductSearch])];
  tables.set(version, version === "v1" ? [...services, operationsService] : services);
}

const faults: Readonly<Record<string, FaultRule>> = {
  "a refusal with details": {
    status: {
      code: "RESOURCE_EXHAUSTED",
      message: "slow down",
      details: [
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "0.010s" },
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "RATE_LIMIT_EXCEEDED",
          domain: "googleapis.com",
          metadata: { quota_limit: "1800" },
        },
      ],
    },
  },
  "a failure that may be one after acceptance": {
    when: "afterAcceptance",
    status: { code: "ABORTED", message: "lost" },
  },
  "a failure within the service": { status: { code: "DATA_LOSS", message: "gone" } },
};

const drops: Readonly<Record<string, FaultRule>> = {
  "before acceptance": { dropConnection: true },
  "after acceptance": { when: "afterAcceptance", dropConnection: true },
  "in the middle of the answer": { when: "afterAcceptance", dropConnection: "afterHeaders" },
};

/** The versions whose messages have no parent over either transport. */
const withoutParent: readonly ApiVersion[] = ["v1p3beta1", "v1p4beta1"];

/** One transport to the emulator. */
class Line {
  readonly name: TransportName;
  readonly caller: Caller;
  readonly #running: TestEmulator;
  readonly #transport: GrpcTransport | RestTransport;

  constructor(name: TransportName, running: TestEmulator) {
    const { grpc, http } = running.emulator;
    const options = { transport: name, emulator: { grpc, rest: http } };
    const connection = resolveConnection(options, "vision.googleapis.com", {});
    const open = name === "grpc" ? GrpcTransport : RestTransport;
    this.name = name;
    this.#running = running;
    this.#transport = new open(connection, options, []);
    this.caller = createCaller(this.#transport);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  reaches(method: MethodEntry): boolean {
    return this.name === "grpc" ? method.path !== undefined : method.http.length > 0;
  }

  async call(method: MethodEntry, json: Json, kind: "submit" | "read"): Promise<Json> {
    const { requestType, responseType } = messagesOver(method, this.name);
    const codec = await loadJsonCodec(versionOfType(requestType) ?? "v1");
    const request = codec.fromJson(requestType, json);
    const call = { method, request, timeoutMs: 5000 };
    const response =
      kind === "submit" ? await this.caller.submit(call) : await this.caller.readOnce(call);
    const parts = method.operation?.metadataType ?? responseType;
    return (await loadJsonCodec(versionOfType(parts) ?? "v1")).toJson(responseType, response);
  }

  scope(version: ApiVersion, project: string): ParityScope {
    const admin = this.#running.emulator.admin;
    return {
      version,
      project,
      location: `projects/${project}/locations/us-west1`,
      call: (name, request) => this.call(methodOf(version, name), request, "submit"),
      done: async (name) => {
        await this.#running.done(name);
      },
      hold: () => {
        admin.holdOperations(true);
      },
    };
  }
}

function methodOf(version: ApiVersion, name: string): MethodEntry {
  const found = tables.get(version)?.find(({ methods }) => methods[name] !== undefined);
  const method = found?.methods[name];
  if (method === undefined) throw new Error(`${version} has no ${name}`);
  return method;
}

/** What a call came to, with what differs from call to call named alike. */
async function outcomeOf(call: Promise<unknown>, scope: ParityScope): Promise<Outcome> {
  const outcome = await call.then(
    (response): Outcome => ({ response }),
    (error: unknown): Outcome => {
      if (!(error instanceof RpcError)) throw error;
      const { cause: _cause, ...fields } = error.toJSON();
      return { error: fields };
    },
  );
  const text = JSON.stringify(outcome)
    .replaceAll(scope.project, "PROJECT")
    .replace(/operations\/[0-9a-f]{16}/g, "operations/ID")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/"state":"(CREATED|RUNNING|DONE|PROCESSING|SUCCESSFUL)"/g, '"state":"SOME"');
  return JSON.parse(text) as Outcome;
}

describe("gRPC and REST compared", () => {
  let running: TestEmulator;
  let lines: readonly Line[];
  let projects = 0;

  before(async () => {
    const page = { fullTextAnnotation: { text: "page" } };
    running = await TestEmulator.start({ pages: { "%PDF": [page, page, page] } });
    await running.put("gs://inputs/a.pdf", "%PDF");
    await running.put("gs://inputs/a.png", "a picture");
    await running.put("gs://csv/all.csv", "gs://inputs/a.png,img,set,shoe,apparel-v2,Shoe,,\n");
    lines = transports.map((name) => new Line(name, running));
  });

  beforeEach(() => running.emulator.admin.reset());

  after(async () => {
    await Promise.all(lines.map((line) => line.close()));
    await running.close();
  });

  const nextProject = (): string => `parity-${(projects += 1)}-project`;

  it("has a case for every method, and none for a method that there is not", () => {
    const services = [...tables.values()].flat();
    const names = new Set(services.flatMap(({ methods }) => Object.keys(methods)));
    expect(Object.keys(parityCases)).to.have.members([...names]);
  });

  for (const [version, services] of tables) {
    for (const { methods, name: service } of services) {
      describe(service, () => {
        for (const [name, method] of Object.entries(methods)) {
          describe(name, () => {
            compare(version, name, method);
          });
        }
      });
    }
  }

  /** The lines that are compared; what one transport alone has is compared with gRPC's in v1. */
  function sidesOf(version: ApiVersion, name: string, method: MethodEntry) {
    return lines.map((line) =>
      line.reaches(method) ? { line, version, method } : other(line.name, name),
    );
  }

  function other(missing: TransportName, name: string) {
    const line = lines.find((each) => each.name === "grpc");
    if (line === undefined || missing === "rest") throw new Error(`REST has no ${name}`);
    return { line, version: "v1" as const, method: methodOf("v1", name) };
  }

  function compare(version: ApiVersion, name: string, method: MethodEntry): void {
    const { kind, request, refused } = parityCases[name] ?? fail(`no case for ${name}`);
    if (method.http.length === 0) {
      it("is UNIMPLEMENTED over REST, which has no URL for it, and nothing is sent", async () => {
        const [, rest] = lines;
        const scope = rest?.scope(version, nextProject()) ?? fail("no REST");
        const calls = JSON.stringify(running.emulator.admin.callCounts());
        const answered = await outcomeOf(
          rest?.call(method, refused(scope), kind) ?? fail(""),
          scope,
        );
        expect(answered).to.have.nested.property("error.code", "UNIMPLEMENTED");
        expect(JSON.stringify(running.emulator.admin.callCounts())).to.equal(calls);
      });
      return;
    }

    /** Makes the call on both sides and answers what came of it. */
    const both = async (
      prepare: (scope: ParityScope) => Json | Promise<Json>,
      fault?: FaultRule,
    ): Promise<readonly Outcome[]> => {
      const outcomes: Outcome[] = [];
      for (const side of sidesOf(version, name, method)) {
        await running.emulator.admin.reset();
        const scope = side.line.scope(side.version, nextProject());
        const json = await prepare(scope);
        running.emulator.admin.setFaults(
          fault === undefined ? [] : [{ method: method.name, ...fault }],
        );
        const outcome = await outcomeOf(side.line.call(side.method, json, kind), scope);
        outcomes.push(side.version === version ? outcome : inVersion(version, outcome));
      }
      return outcomes;
    };

    it("answers alike", async () => {
      const [grpc, rest] = await both(request);
      expect(grpc).to.have.property("response");
      expect(rest).to.deep.equal(grpc);
    });

    it("is refused alike", async () => {
      const [grpc, rest] = await both(refused);
      expect(grpc).to.have.property("error");
      expect(rest).to.deep.equal(grpc);
    });

    for (const [what, fault] of Object.entries(faults)) {
      it(`reports ${what} alike`, async () => {
        const [grpc, rest] = await both(request, fault);
        expect(grpc).to.have.nested.property("error.code", fault.status?.code);
        expect(rest).to.deep.equal(grpc);
      });
    }

    for (const [when, fault] of Object.entries(drops)) {
      it(`reports a connection that is dropped ${when} alike`, async () => {
        const outcomes = await both(request, fault);
        const [grpc, rest] = outcomes.map((outcome) => {
          const { name: errorName, code, outcome: submitOutcome } = errorOf(outcome);
          return { errorName, code, submitOutcome };
        });
        expect(grpc?.errorName).to.equal(kind === "submit" ? SubmitError.name : RpcError.name);
        expect(grpc?.submitOutcome).to.equal(kind === "submit" ? "unknown" : undefined);
        expect(rest).to.deep.equal(grpc);
      });
    }

    for (const parent of ["projects/PROJECT", "projects/PROJECT/locations/eu"]) {
      if (!name.toLowerCase().includes("annotate")) continue;
      it(`takes the parent ${parent} and labels where its messages have them`, async () => {
        let taken = 0;
        for (const side of sidesOf(version, name, method)) {
          const { requestType } = messagesOver(side.method, side.line.name);
          if (!(await hasField(requestType, "parent"))) continue;
          taken += 1;
          await running.emulator.admin.reset();
          const scope = side.line.scope(side.version, nextProject());
          const own = parent.replace("PROJECT", scope.project);
          const json = { ...(await request(scope)), parent: own, labels: { team: "a" } };
          const response = await side.line.call(side.method, json, kind);
          if (method.operation === undefined) continue;
          expect(response["name"]).to.match(new RegExp(`^${own}/operations/`));
          const [submit] = running.emulator.admin.submits();
          expect(submit).to.include({ version: side.version, transport: side.line.name });
        }
        expect(taken > 0).to.equal(!withoutParent.includes(version));
      });
    }
  }
});

/** An outcome in v1 as it is to be in another version. */
function inVersion(version: ApiVersion, outcome: Outcome): Outcome {
  const text = JSON.stringify(outcome);
  const method = /"method":"google\.cloud\.vision\.v1\./g;
  const message = /"message":"google\.cloud\.vision\.v1\./g;
  return JSON.parse(
    text
      .replace(method, `"method":"google.cloud.vision.${version}.`)
      .replace(message, `"message":"google.cloud.vision.${version}.`),
  ) as Outcome;
}

function errorOf(outcome: Outcome): Json {
  if ("error" in outcome) return outcome.error as Json;
  throw new Error("the call was answered");
}

async function hasField(typeName: string, field: string): Promise<boolean> {
  const tablesOfType = await loadJsonTables(versionOfType(typeName) ?? "v1");
  const fields = createTypeRegistry(tablesOfType).fieldsOf(typeName) ?? [];
  return fields.some(({ jsonName }) => jsonName === field);
}

function fail(message: string): never {
  throw new Error(message);
}
