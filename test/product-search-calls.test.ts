import { once } from "node:events";
import { expect } from "chai";
import { ListProductsResponse } from "../generated/google/cloud/vision/v1/product_search_service.ts";
import {
  InvalidRequestError,
  ProductSearchClient,
  SubmitError,
  VisionBatchError,
} from "../src/index.ts";
import type { FaultRule } from "../src/emulator/index.ts";
import { collect } from "./fixtures/collect.ts";
import { TestEmulator, until } from "./fixtures/emulator.ts";
import { startGrpcServer } from "./fixtures/grpc-server.ts";
import { rejection } from "./fixtures/rejection.ts";

const parent = "projects/p/locations/us-west1";
const product = { displayName: "Shoe", productCategory: "apparel-v2" };
const unavailable = { code: "UNAVAILABLE", message: "for a moment" } as const;

describe("ProductSearchClient", () => {
  let running: TestEmulator;
  let client: ProductSearchClient;

  before(async () => {
    running = await TestEmulator.start();
    client = new ProductSearchClient({
      emulator: { grpc: running.emulator.grpc },
      location: "us-west1",
      projectId: "p",
    });
  });

  beforeEach(() => running.emulator.admin.reset());

  after(async () => {
    await client.close();
    await running.close();
  });

  const calls = (method: string) => running.emulator.admin.calls(method);
  const strike = (rule: FaultRule): void => running.emulator.admin.setFaults([rule]);

  it("names its location in the parent of a request that has none", async () => {
    const created = await client.createProduct({ productId: "located", product });
    expect(created.name).to.equal(`${parent}/products/located`);
    const [first] = await collect(client.listProducts());
    expect(first?.name).to.equal(created.name);
    const elsewhere = "projects/q/locations/asia-east1";
    expect((await client.createProduct({ parent: elsewhere, product })).name).to.contain(elsewhere);
  });

  it("repeats what can be repeated", async () => {
    const { name } = await client.createProduct({ product });
    strike({ nth: 1, status: unavailable });
    await client.updateProduct({ product: { name, displayName: "Boot" } });
    expect(calls("UpdateProduct")).to.equal(2);
    strike({ nth: 1, status: unavailable });
    await client.getProduct({ name });
    expect(calls("GetProduct")).to.equal(2);
    strike({ nth: 1, status: unavailable });
    await client.deleteProduct({ name });
    expect(calls("DeleteProduct")).to.equal(2);
  });

  it("calls a deletion done whose answer was lost, and that then finds nothing", async () => {
    const { name } = await client.createProduct({ product });
    strike({ method: "DeleteProduct", nth: 1, when: "afterAcceptance", status: unavailable });
    await client.deleteProduct({ name });
    expect(calls("DeleteProduct")).to.equal(2);
    expect(await rejection(client.getProduct({ name }))).to.include({ code: "NOT_FOUND" });
    expect(await rejection(client.deleteProduct({ name }))).to.include({ code: "NOT_FOUND" });
  });

  it("sends once what makes something new, and says what became of it", async () => {
    strike({ status: unavailable, when: "afterAcceptance" });
    const lost = await rejection(client.createProduct({ productId: "once", product }));
    expect(lost).to.be.instanceOf(SubmitError).and.include({ outcome: "unknown" });
    const inputConfig = { gcsSource: { csvFileUri: "gs://csv/a.csv" } };
    expect(await rejection(client.importProductSets({ inputConfig }))).to.include({
      outcome: "unknown",
    });
    const purge = { deleteOrphanProducts: true, force: true };
    expect(await rejection(client.purgeProducts(purge))).to.include({ outcome: "unknown" });
    for (const method of ["CreateProduct", "ImportProductSets", "PurgeProducts"]) {
      expect(calls(method)).to.equal(1);
    }
    strike({ method: "CreateProductSet", status: { code: "PERMISSION_DENIED", message: "no" } });
    expect(
      await rejection(client.createProductSet({ productSet: { displayName: "x" } })),
    ).to.include({
      outcome: "rejected",
    });
  });

  it("says that nothing was made where the id is taken", async () => {
    await client.createProduct({ productId: "taken", product });
    const error = await rejection(client.createProduct({ productId: "taken", product }));
    expect(error).to.include({ code: "ALREADY_EXISTS", outcome: "rejected" });
  });

  it("purges the products of a set, whatever else they are in", async () => {
    const set = await client.createProductSet({ productSet: { displayName: "a" } });
    const other = await client.createProductSet({ productSet: { displayName: "b" } });
    const { name } = await client.createProduct({ product });
    await client.addProductToProductSet({ name: set.name, product: name });
    await client.addProductToProductSet({ name: other.name, product: name });
    const productSetId = set.name.split("/").at(-1) ?? "";
    const handle = await client.purgeProducts({
      productSetPurgeConfig: { productSetId },
      force: true,
    });
    await handle.wait();
    expect(await rejection(client.getProduct({ name }))).to.include({ code: "NOT_FOUND" });
    expect(await client.getProductSet({ name: set.name })).to.deep.equal(set);
  });

  it("has no purge in v1p3beta1, for those who do not compile either", async () => {
    await using old = new ProductSearchClient({
      version: "v1p3beta1",
      emulator: { grpc: "127.0.0.1:1" },
    });
    const untyped = old as unknown as ProductSearchClient;
    const error = await rejection(untyped.purgeProducts({ parent, force: true }));
    expect(error).to.be.instanceOf(VisionBatchError);
    expect((error as Error).message).to.equal(
      "v1p3beta1 has no purgeProducts: choose another version",
    );
  });

  it("sends nothing that the service would refuse", async () => {
    await using nowhere = new ProductSearchClient({ emulator: { grpc: "127.0.0.1:1" } });
    const refused: Promise<unknown>[] = [
      nowhere.getProduct({ name: "products/x" }),
      nowhere.createProduct({ product }),
      nowhere.listProducts({ parent, pageSize: 101 }).pages().next(),
      nowhere.importProductSets({ parent }),
    ];
    for (const each of refused) expect(await rejection(each)).to.be.instanceOf(InvalidRequestError);
  });

  it("refuses options that cannot be used", () => {
    const open = (options: object) => () => new ProductSearchClient(options);
    expect(open({ version: "v1p1beta1" })).to.throw(VisionBatchError, "v1, v1p3beta1, v1p4beta1");
    expect(open({ location: "us west" })).to.throw(VisionBatchError, "us-west1");
    expect(open({ lokation: "us-west1" })).to.throw(VisionBatchError, "lokation");
  });

  it("stops within a page when its signal aborts", async () => {
    for (const productId of ["stop-a", "stop-b"])
      await client.createProduct({ productId, product });
    const abort = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { name } of client.listProducts({}, { signal: abort.signal })) {
        seen.push(name);
        abort.abort(new Error("enough"));
      }
    })();
    expect(await rejection(reading)).to.have.property("message", "enough");
    expect(seen).to.have.length(1);
  });
});

describe("a list of ProductSearchClient that is left", () => {
  it("ends the work of the emulator on the page that it waits for", async () => {
    const sleeping: AbortSignal[] = [];
    const running = await TestEmulator.start({
      faults: [{ method: "ListProducts", delayMs: 1 }],
      clock: {
        now: () => Date.now(),
        sleep: async (_ms, signal) => {
          if (signal === undefined) return;
          sleeping.push(signal);
          if (!signal.aborted) await once(signal, "abort");
          signal.throwIfAborted();
        },
      },
    });
    const client = new ProductSearchClient({ emulator: { grpc: running.emulator.grpc } });
    const abort = new AbortController();
    const page = client.listProducts({ parent }, { signal: abort.signal }).pages().next();
    const error = rejection(page);
    await until(() => sleeping.length === 1);
    abort.abort(new Error("enough"));
    expect(await error).to.have.property("message", "enough");
    await until(() => sleeping[0]?.aborted === true);
    await client.close();
    await running.close();
  });

  it("cancels the call for the page that it waits for, at the server too", async () => {
    const first = ListProductsResponse.fromPartial({
      products: [{ name: `${parent}/products/a` }],
      nextPageToken: "next",
    });
    const cancelled: Promise<unknown>[] = [];
    const server = await startGrpcServer([
      (_call, callback) => {
        callback(null, first);
      },
      (call) => {
        cancelled.push(once(call, "cancelled"));
      },
    ]);
    const client = new ProductSearchClient({ emulator: { grpc: server.address } });
    const abort = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      const list = client.listProducts({ parent }, { signal: abort.signal });
      for await (const { name } of list) seen.push(name);
    })();
    const error = rejection(reading);
    await until(() => cancelled.length === 1);
    abort.abort(new Error("enough"));
    expect(await error).to.have.property("message", "enough");
    await cancelled[0];
    expect(seen).to.deep.equal([`${parent}/products/a`]);
    expect(
      server.calls.map(({ request }) => (request as { pageToken: string }).pageToken),
    ).to.deep.equal(["", "next"]);
    await client.close();
    server.stop();
  });
});
