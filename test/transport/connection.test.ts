import { expect } from "chai";
import { VisionBatchError } from "../../src/errors/index.ts";
import { resolveConnection, type ConnectionOptions } from "../../src/transport/index.ts";

const vision = "vision.googleapis.com";
const resolve = (options: ConnectionOptions, environment: NodeJS.ProcessEnv = {}) =>
  resolveConnection(options, vision, environment);

describe("resolveConnection", () => {
  it("calls Google's own host by default", () => {
    expect(resolve({})).to.deep.equal({
      host: vision,
      port: 443,
      customHost: false,
      emulated: false,
      universeDomain: "googleapis.com",
    });
  });

  it("calls the regional host of a location that has one", () => {
    expect(resolve({ location: "eu" }).host).to.equal("eu-vision.googleapis.com");
    expect(resolve({ location: "us" }).host).to.equal("us-vision.googleapis.com");
    expect(resolve({ location: "asia" }).host).to.equal(vision);
  });

  it("takes the universe domain from the options, else from the environment", () => {
    const environment = { GOOGLE_CLOUD_UNIVERSE_DOMAIN: "example.test" };
    expect(resolve({}, environment).host).to.equal("vision.example.test");
    expect(resolve({ universeDomain: "other.test" }, environment).host).to.equal(
      "vision.other.test",
    );
  });

  it("takes an endpoint with or without a port, IPv6 too", () => {
    expect(resolve({ endpoint: "proxy:8443" })).to.include({
      host: "proxy",
      port: 8443,
      customHost: true,
    });
    expect(resolve({ endpoint: "proxy" })).to.include({
      host: "proxy",
      port: 443,
      emulated: false,
    });
    expect(resolve({ endpoint: "[::1]:1" })).to.include({ host: "[::1]", port: 1 });
  });

  it("prefers the emulator of the options to the environment's, and either to nothing", () => {
    const environment = { VISION_EMULATOR_HOST: "127.0.0.1:1" };
    expect(resolve({}, environment)).to.include({ host: "127.0.0.1", port: 1, emulated: true });
    expect(resolve({ emulator: { grpc: "127.0.0.1:2" } }, environment)).to.include({
      port: 2,
      emulated: true,
    });
    expect(resolve({ emulator: false }, environment)).to.include({ host: vision, emulated: false });
    expect(resolve({ endpoint: "proxy" }, environment)).to.include({
      host: "proxy",
      emulated: false,
    });
  });

  it("takes the address of the emulator that goes with the transport", () => {
    const emulator = { grpc: "127.0.0.1:1", rest: "http://127.0.0.1:2/" };
    expect(resolve({ emulator })).to.include({ port: 1 });
    expect(resolve({ emulator, transport: "rest" })).to.include({ host: "127.0.0.1", port: 2 });
    const environment = { VISION_EMULATOR_HOST: "a:1", VISION_EMULATOR_REST_HOST: "b:2" };
    expect(resolve({}, environment)).to.include({ host: "a" });
    expect(resolve({ transport: "rest" }, environment)).to.include({ host: "b" });
    const http = { VISION_EMULATOR_HTTP: "http://[::1]:3" };
    expect(resolve({ transport: "rest" }, http)).to.include({ host: "[::1]", port: 3 });
    expect(resolve({}, http)).to.include({ emulated: false });
    expect(resolve({ emulator: false, transport: "rest" }, environment).emulated).to.equal(false);
  });

  it("calls nobody where an emulator is named for the other transport alone", () => {
    const refused: readonly (readonly [ConnectionOptions, NodeJS.ProcessEnv])[] = [
      [{ transport: "rest" }, { VISION_EMULATOR_HOST: "a:1" }],
      [{}, { VISION_EMULATOR_REST_HOST: "b:2" }],
      [{ transport: "rest", emulator: { grpc: "a:1" } }, {}],
      [{ emulator: { rest: "b:2" } }, { VISION_EMULATOR_HOST: "a:1" }],
    ];
    for (const [options, environment] of refused) {
      expect(() => resolve(options, environment)).to.throw(VisionBatchError, "no emulator for");
    }
  });

  for (const endpoint of ["https://x", "a b", "", "x:99999", "x:y"]) {
    it(`refuses the endpoint "${endpoint}"`, () => {
      expect(() => resolve({ endpoint })).to.throw(VisionBatchError, "endpoint");
    });
  }

  it("refuses an emulator without a port", () => {
    expect(() => resolve({ emulator: { grpc: "127.0.0.1" } })).to.throw(
      VisionBatchError,
      "host:port",
    );
  });
});
