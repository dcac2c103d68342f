import { expect } from "chai";
import { apiVersions } from "../../src/protocol/api-version.ts";
import {
  loadServices,
  operationsService,
  type MethodEntry,
  type ServiceEntry,
} from "../../src/protocol/method-table.ts";
import { routingFields, routingHeader } from "../../src/protocol/routing.ts";

function method(service: ServiceEntry | undefined, name: string): MethodEntry {
  const entry = service?.methods[name];
  if (entry === undefined) throw new Error(`there is no ${name}`);
  return entry;
}

const name = "projects/p/locations/eu/products/x";
const parent = "projects/p/locations/eu";

describe("routingFields", () => {
  it("takes the parent of an annotate method where the request has one", async () => {
    const { ImageAnnotator } = await loadServices("v1");
    const submit = method(ImageAnnotator, "asyncBatchAnnotateImages");
    expect(routingFields(submit, { requests: [], parent })).to.deep.equal({ parent });
    expect(routingFields(submit, { requests: [], parent: "" })).to.deep.equal({});
    expect(routingFields(submit, { requests: [] })).to.deep.equal({});
  });

  it("takes the name of every method of operations, whatever its form", () => {
    for (const each of Object.values(operationsService.methods)) {
      for (const one of ["operations/x", "projects/p/locations/eu/operations/x", "odd"]) {
        expect(routingFields(each, { name: one }), each.name).to.deep.equal({ name: one });
      }
    }
  });

  it("takes a nested field under its name in the proto", async () => {
    const { ProductSearch } = await loadServices("v1");
    const update = { productSet: { name: "projects/p/locations/eu/productSets/s" } };
    expect(routingFields(method(ProductSearch, "updateProductSet"), update)).to.deep.equal({
      "product_set.name": update.productSet.name,
    });
    expect(
      routingFields(method(ProductSearch, "updateProduct"), { product: { name }, name: "other" }),
    ).to.deep.equal({ "product.name": name });
    expect(routingFields(method(ProductSearch, "updateProduct"), {})).to.deep.equal({});
  });

  it("finds a field for every method of product search, in every version that has it", async () => {
    const filled = { name, parent, product: { name }, productSet: { name } };
    for (const version of apiVersions) {
      const { ProductSearch } = await loadServices(version);
      for (const each of Object.values(ProductSearch?.methods ?? {})) {
        const [key, ...others] = Object.keys(routingFields(each, filled));
        const wanted = each.name.startsWith("Update")
          ? `${each.name === "UpdateProduct" ? "product" : "product_set"}.name`
          : /^(Create|List|Import|Purge)(?!ProductsInProductSet)/.test(each.name)
            ? "parent"
            : "name";
        expect(key, `${version} ${each.name}`).to.equal(wanted);
        expect(others).to.deep.equal([]);
      }
    }
  });
});

describe("routingHeader", () => {
  const get = method(operationsService, "getOperation");

  it("escapes all but letters, digits and -._~", () => {
    expect(routingHeader(get, { name: "operations/a-b.c_d~e!'()*&=% ü" })).to.equal(
      "name=operations%2Fa-b.c_d~e%21%27%28%29%2A%26%3D%25%20%C3%BC",
    );
  });

  it("is none where there is nothing to route by", () => {
    expect(routingHeader(get, { name: "" })).to.equal(undefined);
  });
});
