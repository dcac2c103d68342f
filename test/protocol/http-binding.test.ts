import { expect } from "chai";
import { apiVersions } from "../../src/protocol/api-version.ts";
import { matchHttpPath, toHttpCall } from "../../src/protocol/http-binding.ts";
import {
  loadServices,
  operationsService,
  type HttpBinding,
} from "../../src/protocol/method-table.ts";

const binding = (path: string, rest: Partial<HttpBinding> = {}): HttpBinding => ({
  verb: "post",
  path,
  ...rest,
});

describe("matchHttpPath", () => {
  it("reads a variable of several segments", () => {
    const path = "/v1/{parent=projects/*/locations/*}/images:annotate";
    expect(
      matchHttpPath(binding(path), "/v1/projects/p/locations/eu/images:annotate"),
    ).to.deep.equal({ parent: "projects/p/locations/eu" });
  });

  it("reads a variable of any number of segments before a custom verb", () => {
    const cancel = binding("/v1/{name=operations/**}:cancel");
    expect(matchHttpPath(cancel, "/v1/operations/a/b:cancel")).to.deep.equal({
      name: "operations/a/b",
    });
    expect(matchHttpPath(cancel, "/v1/operations/a/b")).to.equal(undefined);
  });

  it("reads a nested field in camelCase", () => {
    const path = "/v1/{product_set.name=projects/*/locations/*/productSets/*}";
    expect(matchHttpPath(binding(path), "/v1/projects/p/locations/l/productSets/s")).to.deep.equal({
      productSet: { name: "projects/p/locations/l/productSets/s" },
    });
  });

  it("decodes what was escaped", () => {
    const path = "/v1/{name=operations/**}";
    expect(matchHttpPath(binding(path), "/v1/operations/a%20b%3Ac")).to.deep.equal({
      name: "operations/a b:c",
    });
    expect(matchHttpPath(binding(path), "/v1/operations/%zz")).to.equal(undefined);
  });

  it("takes a dot in a template for a dot, and the whole path only", () => {
    expect(matchHttpPath(binding("/v1.0/x"), "/v1a0/x")).to.equal(undefined);
    expect(matchHttpPath(binding("/v1/x"), "/v1/x/y")).to.equal(undefined);
    expect(matchHttpPath(binding("/v1/x"), "/v1/x")).to.deep.equal({});
  });

  it("leaves a segment between its slashes", () => {
    const path = "/v1/{name=projects/*/operations/*}";
    expect(matchHttpPath(binding(path), "/v1/projects/p/q/operations/x")).to.equal(undefined);
  });
});

describe("toHttpCall", () => {
  const bindings = [
    binding("/v1/images:annotate", { body: "*" }),
    binding("/v1/{parent=projects/*/locations/*}/images:annotate", { body: "*" }),
    binding("/v1/{parent=projects/*}/images:annotate", { body: "*" }),
  ];

  it("takes the binding that the request fills most of", () => {
    const pathOf = (parent: string | undefined): string | undefined =>
      toHttpCall(bindings, parent === undefined ? {} : { parent })?.path;
    expect(pathOf(undefined)).to.equal("/v1/images:annotate");
    expect(pathOf("projects/p")).to.equal("/v1/projects/p/images:annotate");
    expect(pathOf("projects/p/locations/eu")).to.equal(
      "/v1/projects/p/locations/eu/images:annotate",
    );
  });

  it("leaves what stands in the path out of the body", () => {
    const request = { parent: "projects/p", requests: [{ image: {} }] };
    expect(toHttpCall(bindings, request)).to.deep.equal({
      verb: "post",
      path: "/v1/projects/p/images:annotate",
      query: [],
      body: { requests: [{ image: {} }] },
    });
  });

  it("puts into the query what is neither in the path nor in the body", () => {
    const list = [binding("/v1/{name=projects/*}/operations", { verb: "get" })];
    const request = {
      name: "projects/p",
      pageSize: 5,
      filter: "done=true",
      mask: { paths: ["a", "b"] },
    };
    expect(toHttpCall(list, request)).to.deep.equal({
      verb: "get",
      path: "/v1/projects/p/operations",
      query: [
        ["pageSize", "5"],
        ["filter", "done=true"],
        ["mask.paths", "a"],
        ["mask.paths", "b"],
      ],
      body: undefined,
    });
  });

  it("takes one field as the body", () => {
    const update = [
      binding("/v1/{product_set.name=productSets/*}", { verb: "patch", body: "product_set" }),
    ];
    const request = {
      productSet: { name: "productSets/1", displayName: "x" },
      updateMask: "displayName",
    };
    expect(toHttpCall(update, request)).to.deep.equal({
      verb: "patch",
      path: "/v1/productSets/1",
      query: [["updateMask", "displayName"]],
      body: { displayName: "x" },
    });
  });

  it("escapes each segment, and matches back what it wrote", () => {
    const get = binding("/v1/{name=operations/**}", { verb: "get" });
    const name = "operations/a b/c:d?e#f%g'(h)";
    const call = toHttpCall([get], { name });
    expect(call?.path).to.equal("/v1/operations/a%20b/c%3Ad%3Fe%23f%25g%27%28h%29");
    expect(matchHttpPath(get, call?.path ?? "")).to.deep.equal({ name });
  });

  it("writes no segment that would lead to another resource", () => {
    const remove = binding("/v1/{name=projects/*/products/*/referenceImages/*}");
    for (const name of [
      "projects/p/products/x/referenceImages/..",
      "projects/p/products/./referenceImages/i",
      "projects/../products/x/referenceImages/i",
    ]) {
      expect(toHttpCall([remove], { name }), name).to.equal(undefined);
    }
    const name = "projects/.p/products/..x/referenceImages/...";
    expect(toHttpCall([remove], { name })?.path).to.equal(`/v1/${name}`);
  });

  it("finds nothing where no binding fits", () => {
    expect(toHttpCall([binding("/v1/{name=operations/*}")], { name: "x/y" })).to.equal(undefined);
    expect(toHttpCall([], {})).to.equal(undefined);
  });
});

describe("the bindings of the method table", () => {
  const values: readonly (readonly [RegExp, string])[] = [
    [/\*\*/g, "x/y"],
    [/\*/g, "x"],
  ];
  const fill = (template: string): string =>
    values.reduce((path, [wildcard, text]) => path.replaceAll(wildcard, text), template);

  for (const version of apiVersions) {
    it(`of ${version} match the paths that are built from them`, async () => {
      const services = Object.values(await loadServices(version)) as (typeof operationsService)[];
      const all = [...services, operationsService].flatMap(({ methods }) => Object.values(methods));
      for (const each of all.flatMap(({ http }) => http)) {
        const path = fill(each.path.replace(/\{[^=}]+=([^}]+)\}/g, "$1"));
        const fields = matchHttpPath(each, path);
        expect(fields, each.path).to.not.equal(undefined);
        expect(toHttpCall([each], fields ?? {})?.path, each.path).to.equal(path);
      }
    });
  }
});
