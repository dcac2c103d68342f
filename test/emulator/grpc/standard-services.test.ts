import { Client, credentials } from "@grpc/grpc-js";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";
import { expect } from "chai";
import { protoPath } from "grpc-health-check";
import { TestEmulator } from "../../fixtures/emulator.ts";

describe("health of the emulator", () => {
  let running: TestEmulator;
  let client: Client;
  before(async () => {
    running = await TestEmulator.start();
    client = new Client(running.emulator.grpc, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await running.close();
  });

  const health = loadSync(protoPath, { enums: String })["grpc.health.v1.Health"];

  const statusOf = async (service: string): Promise<unknown> => {
    const check = (health as ServiceDefinition)["Check"];
    if (check === undefined) throw new Error("there is no Check");
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest<object, { status: string }>(
        check.path,
        check.requestSerialize,
        check.responseDeserialize as (bytes: Buffer) => { status: string },
        { service },
        (error, response) => {
          if (error === null) resolve(response?.status);
          else reject(error);
        },
      );
    });
  };

  for (const service of [
    "",
    "google.cloud.vision.v1.ImageAnnotator",
    "google.cloud.vision.v1p4beta1.ImageAnnotator",
    "google.cloud.vision.v1p3beta1.ProductSearch",
    "google.longrunning.Operations",
  ]) {
    it(`says that ${service === "" ? "the server" : service} is serving`, async () => {
      expect(await statusOf(service)).to.equal("SERVING");
    });
  }

  it("knows no service that there is not", async () => {
    const error = await statusOf("google.cloud.speech.v1.Speech").catch(
      (reason: unknown) => reason,
    );
    expect(error).to.include({ code: 5 });
  });
});
