import { expect } from "chai";
import { shippedPackages, type LockedPackages } from "../../../scripts/release/shipped-packages.ts";

const locked: LockedPackages = {
  "": { version: "1.0.0" },
  "node_modules/a": { version: "1.0.0", dependencies: { b: "^1.0.0", "@scope/c": "^2.0.0" } },
  "node_modules/b": { version: "2.0.0" },
  "node_modules/a/node_modules/b": { version: "1.0.0", license: "MIT", dependencies: { a: "*" } },
  "node_modules/@scope/c": {
    version: "2.0.0",
    optionalDependencies: { d: "*" },
    peerDependencies: { e: "*", f: "*" },
    peerDependenciesMeta: { f: { optional: true } },
  },
  "node_modules/@scope/c/node_modules/d": { version: "3.0.0", dependencies: { b: "^1.0.0" } },
  "node_modules/@scope/c/node_modules/b": { version: "1.0.0", license: "MIT" },
  "node_modules/e": { version: "4.0.0" },
  "node_modules/f": { version: "5.0.0" },
};

describe("shippedPackages", () => {
  it("finds each where Node would, once a version, without optional peers", () => {
    const found = shippedPackages(locked, ["a"]);
    expect([...found.keys()]).to.have.members([
      "a@1.0.0",
      "b@1.0.0",
      "@scope/c@2.0.0",
      "d@3.0.0",
      "e@4.0.0",
    ]);
    expect(found.get("b@1.0.0")).to.deep.equal({
      ...{ name: "b", version: "1.0.0", license: "MIT" },
      path: "node_modules/a/node_modules/b",
    });
  });

  it("says what a lock lacks", () => {
    expect(() => shippedPackages(locked, ["a", "nothing"])).to.throw(/has no nothing/);
    const broken = { "node_modules/a": { dependencies: { gone: "*" } } };
    expect(() => shippedPackages(broken, ["a"])).to.throw(
      /has no gone, which node_modules\/a needs/,
    );
  });
});
