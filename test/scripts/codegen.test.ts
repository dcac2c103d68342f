import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CodegenCopy } from "./codegen-copy.ts";

const root = join(import.meta.dirname, "../..");
const limitMs = 20_000;
const outputs = ["generated/google", "generated/json", "generated/methods", "protos/google"];

function hasGit(): boolean {
  return spawnSync("git", ["--version"]).error === undefined;
}

describe("codegen", function () {
  this.timeout(3 * limitMs);
  let copy: CodegenCopy;
  let before: string;
  beforeEach(() => {
    copy = new CodegenCopy();
    before = copy.outputDigest();
  });
  afterEach(() => {
    copy.remove();
  });

  /** Expects a refusal that holds every word, and nothing touched or left behind. */
  function expectRefusal(args: readonly string[], words: readonly string[]): void {
    const { code, stderr } = copy.run(...args);
    expect(code).to.equal(1);
    for (const word of words) expect(stderr).to.include(word);
    expect(stderr, "a message, no stack").to.not.match(/^ {4}at /m);
    expect(copy.outputDigest()).to.equal(before);
    const leftovers = readdirSync(join(copy.folder, "node_modules")).filter((each) =>
      each.startsWith("."),
    );
    expect(leftovers).to.deep.equal([]);
  }

  it("yields what is on disk, in under 20 s", () => {
    const begun = performance.now();
    const { code, stderr } = copy.run("--check");
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(performance.now() - begun).to.be.below(limitMs);
  });

  it("writes the same from a checkout of googleapis, without the packages", () => {
    const checkout = copy.assembleCheckout();
    copy.delete("node_modules/google-gax");
    copy.delete("node_modules/@google-cloud/vision");
    copy.delete("protos/google");
    copy.delete("generated/google");
    const { code, stderr } = copy.run("--googleapis", checkout);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(copy.outputDigest()).to.equal(before);
  });

  it("names the file and the package where the lock has another digest", () => {
    const { files } = JSON.parse(copy.read("protos/googleapis.lock.json")) as {
      files: Record<string, { sha256: string }>;
    };
    const locked = files["google/rpc/status.proto"]!.sha256;
    copy.edit("protos/googleapis.lock.json", locked, "0".repeat(64));
    before = copy.outputDigest();
    const words = ["google/rpc/status.proto of google-gax", locked, "0".repeat(64), "npm ci"];
    expectRefusal([], words);
    expectRefusal(["--check"], words);
  });

  it("names the file and the package where a package has other content", () => {
    const path = "google/cloud/vision/v1/geometry.proto";
    copy.edit(copy.protoOf("@google-cloud/vision", path), "message Vertex {", "message Vertex { ");
    expectRefusal([], [`${path} of @google-cloud/vision`]);
  });

  it("names the file and the package where a file that the codegen wants is missing", () => {
    copy.delete(copy.protoOf("google-gax", "google/rpc/status.proto"));
    expectRefusal([], ["google/rpc/status.proto, wanted by", "is missing in google-gax"]);
  });

  it("names a file of the lock that is gone from a package and that nothing imports", () => {
    copy.delete(
      copy.protoOf("@google-cloud/vision", "google/cloud/vision/v1/image_annotator.proto"),
    );
    expectRefusal([], ["v1/image_annotator.proto of @google-cloud/vision", "is missing"]);
  });

  it("names the importer of a file that is missing", () => {
    const importer = "google/cloud/vision/v1/geometry.proto";
    copy.edit(
      copy.protoOf("@google-cloud/vision", importer),
      "package google",
      'import "google/api/nothing.proto";\npackage google',
    );
    expectRefusal([], [`google/api/nothing.proto, wanted by ${importer}`, "missing in google-gax"]);
  });

  it("names the importer of a file that belongs to no package", () => {
    const importer = "google/rpc/status.proto";
    copy.edit(
      copy.protoOf("google-gax", importer),
      "package google",
      'import "other/x.proto";\npackage google',
    );
    expectRefusal([], [`other/x.proto, wanted by ${importer}`, "belongs to none of"]);
  });

  it("names a package that is not installed", () => {
    copy.delete("node_modules/google-gax");
    expectRefusal([], ["google-gax is not installed"]);
  });

  it("says that a folder is no checkout", () => {
    expectRefusal(["--googleapis", copy.folder], [copy.folder, "no googleapis checkout"]);
  });

  it("says how to write a lock that is missing", () => {
    copy.delete("protos/googleapis.lock.json");
    before = copy.outputDigest();
    expectRefusal([], ["googleapis.lock.json is missing", "--update"]);
  });

  it("refuses options that it does not have, or that do not go together", () => {
    expectRefusal(["--chekc"], ["--chekc", "npm run codegen"]);
    expectRefusal(["--update", "--check"], ["--update goes with no other option"]);
  });

  it("leaves all as it is when a generator fails", () => {
    copy.edit("buf.gen.yaml", "protoc-gen-ts_proto", "protoc-gen-nothing");
    expectRefusal([], ["buf generate failed", "protoc-gen-nothing"]);
  });

  it("tells with --check what is missing, differs or is not generated, and mends nothing", () => {
    copy.delete("generated/google/rpc/code.ts");
    copy.write("generated/google/rpc/status.ts", "// spoiled\n");
    copy.write("generated/more.ts", "");
    copy.write("protos/google/rpc/code.proto", "// spoiled\n");
    before = copy.outputDigest();
    expectRefusal(
      ["--check"],
      [
        "missing: generated/google/rpc/code.ts",
        "differs: generated/google/rpc/status.ts",
        "not generated: generated/more.ts",
        "differs: protos/google/rpc/code.proto",
      ],
    );
  });

  it("tells that an update changes nothing, and asks no registry", () => {
    copy.replaceNpm();
    const { code, stdout } = copy.run("--update");
    expect([code, stdout]).to.deep.equal([0, "nothing changed\n"]);
    expect(existsSync(join(copy.folder, "npm.log"))).to.equal(false);
    expect(copy.outputDigest()).to.equal(before);
  });

  it("tells what an update changes and breaks, and writes the new lock and output", () => {
    copy.replaceNpm();
    const versions = JSON.parse(copy.read("protos/googleapis.lock.json")) as {
      packages: Record<string, string>;
    };
    const version = versions.packages["google-gax"]!;
    copy.edit(
      "node_modules/google-gax/package.json",
      `"version": "${version}"`,
      '"version": "99.0.0"',
    );
    copy.edit(copy.protoOf("google-gax", "google/rpc/status.proto"), "string message = 2;", "");
    const { code, stdout, stderr } = copy.run("--update");
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.include(`google-gax: ${version} -> 99.0.0`);
    expect(stdout).to.include("changed: google/rpc/status.proto");
    expect(stdout).to.match(/status\.proto:.*"message".*deleted/);
    expect(copy.read("npm.log")).to.include(`google-gax@${version}`);
    expect(copy.read("protos/googleapis.lock.json")).to.include("99.0.0");
    expect(copy.read("generated/google/rpc/status.ts")).to.not.match(/^ {2}message: string/m);
  });

  it("keeps the lock where the packages to compare with cannot be installed", () => {
    copy.replaceNpm();
    copy.write("bin/npm", "#!/bin/sh\nexit 1\n");
    copy.edit(copy.protoOf("google-gax", "google/rpc/status.proto"), "string message = 2;", "");
    expectRefusal(["--update"], ["cannot install", "google-gax@"]);
  });

  it("tells a deleted method and a deleted message, and no option of other languages", () => {
    copy.replaceNpm();
    const annotator = copy.protoOf(
      "@google-cloud/vision",
      "google/cloud/vision/v1p4beta1/image_annotator.proto",
    );
    copy.edit(annotator, 'option java_package = "com', 'option java_package = "org');
    copy.edit(annotator, "rpc BatchAnnotateFiles(", "rpc AnnotateAll(");
    copy.edit(
      copy.protoOf("google-gax", "google/rpc/error_details.proto"),
      "message Help {",
      "message More {",
    );
    const { code, stdout, stderr } = copy.run("--update");
    expect([code, stderr]).to.deep.equal([0, ""]);
    const breaks = stdout.split("\n").filter((line) => line.includes(".proto:"));
    expect(breaks).to.have.length(3);
    expect(breaks[0]).to.match(/^protos\/.*annotator.proto:.* RPC "BatchAnnotateFiles"/);
    expect(breaks.slice(1).join()).to.match(/Help".*Help.Link"/);
  });

  it("adds an API version to the lock", () => {
    const lock = JSON.parse(copy.read("protos/googleapis.lock.json")) as { files: object };
    const files = Object.entries(lock.files).filter(([path]) => !path.includes("v1p4beta1"));
    const older = { ...lock, files: Object.fromEntries(files) };
    copy.write("protos/googleapis.lock.json", JSON.stringify(older));
    copy.replaceNpm();
    const { code, stdout, stderr } = copy.run("--update");
    expect([code, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^added: .*v1p4beta1\/image_annotator.proto$/m);
    expect(stdout).to.include("nothing breaks");
    expect(copy.outputDigest()).to.equal(before);
  });

  // A checkout can come without git, and on a machine without it.
  if (hasGit()) {
    it("compares an update with the last commit, also of a repository around the package", () => {
      copy.commitLock();
      copy.delete("protos/googleapis.lock.json");
      const { code, stdout } = copy.run("--update");
      expect([code, stdout]).to.deep.equal([0, "nothing changed\n"]);
    });
  }

  it("compares an update with the lock on disk where there is no repository", () => {
    const { code, stdout } = copy.run("--update");
    expect([code, stdout]).to.deep.equal([0, "nothing changed\n"]);
  });

  it("says that a lock is no JSON", () => {
    copy.write("protos/googleapis.lock.json", "<<<<<<< HEAD\n");
    before = copy.outputDigest();
    expectRefusal([], ["googleapis.lock.json is no JSON"]);
  });

  for (const moment of ["generated/json", "old"]) {
    it(`leaves nothing half-written when it is killed as soon as it has made ${moment}`, async () => {
      const whole = new Map(outputs.map((path) => [path, copy.namesIn(path)]));
      await copy.kill(moment);
      for (const [path, names] of whole) {
        if (existsSync(join(copy.folder, path))) expect(copy.namesIn(path)).to.deep.equal(names);
      }
      expect(copy.read("generated/README.md")).to.not.equal("");
      const { code, stderr } = copy.run();
      expect([code, stderr]).to.deep.equal([0, ""]);
      expect(copy.outputDigest()).to.equal(before);
      const left = readdirSync(join(copy.folder, "node_modules"));
      expect(left.filter((name) => name.startsWith(".codegen"))).to.deep.equal([]);
    });
  }

  it("lets none but the stubs import grpc-js", () => {
    const files = globSync("generated/**/*.ts", { cwd: root });
    const importers = files.filter((path) =>
      /@grpc\//.test(readFileSync(join(root, path), "utf8")),
    );
    const stubs = files.filter((path) => path.endsWith(".grpc.ts"));
    expect(stubs).to.not.be.empty;
    expect(importers.sort()).to.deep.equal(stubs.sort());
  });
});
