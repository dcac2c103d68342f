import { Client, credentials, loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { expect } from "chai";
import { protoPath } from "grpc-health-check";
import { TestEmulator } from "../../fixtures/emulator.ts";

type Callback = (error: Error | null, response: { status: string }) => void;

describe("health of the emulator", () => {
  let running: TestEmulator;
  before(async () => {
    running = await TestEmulator.start();
  });
  after(() => running.close());

  for (const service of [
    "",
    "google.cloud.vision.v1.ImageAnnotator",
    "google.cloud.vision.v1p4beta1.ImageAnnotator",
    "google.longrunning.Operations",
  ]) {
    it(`says that ${service === "" ? "the server" : service} is serving`, async () => {
      const definition = loadSync(protoPath, { enums: String });
      const { Health } = (
        loadPackageDefinition(definition) as unknown as {
          grpc: { health: { v1: { Health: new (...args: unknown[]) => Client } } };
        }
      ).grpc.health.v1;
      const client = new Health(running.emulator.grpc, credentials.createInsecure());
      const { check } = client as unknown as {
        check(request: object, callback: Callback): void;
      };
      const status = await new Promise((resolve, reject) => {
        check.call(client, { service }, (error, response) => {
          if (error === null) resolve(response.status);
          else reject(error);
        });
      });
      client.close();
      expect(status).to.equal("SERVING");
    });
  }
});
