import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { TestEmulator } from "../fixtures/emulator.ts";
import { ExampleProcess, root } from "./example-process.ts";

/** How each runner is started as the head of its example says, and what it prints of three tests. */
const runners: Readonly<Record<string, { args: readonly string[]; passed: RegExp }>> = {
  "node:test": {
    args: ["--test", "examples/testing/node-test/receipts.test.ts"],
    passed: /pass 3\n[^]*fail 0\n/,
  },
  mocha: {
    args: [
      join(root, "node_modules/mocha/bin/mocha.js"),
      ...["--no-config", "examples/testing/mocha/receipts.test.ts"],
    ],
    passed: /3 passing/,
  },
  vitest: {
    args: [
      join(root, "node_modules/vitest/vitest.mjs"),
      ...["run", "--root", "examples/testing/vitest"],
    ],
    passed: /Tests +3 passed \(3\)/,
  },
};

describe("the tests of examples/testing/", function () {
  this.timeout(60_000);
  let running: TestEmulator;

  before(async () => {
    running = await TestEmulator.start();
  });

  after(() => running.close());

  for (const [name, { args, passed }] of Object.entries(runners)) {
    it(`pass in ${name}`, async () => {
      const { code, stdout, stderr } = await new ExampleProcess(args, running.emulator).ended;
      expect(stripVTControlCharacters(stdout), stderr).to.match(passed);
      expect(stdout + stderr).not.to.contain("network guard");
      expect(code).to.equal(0);
      // They have emulators of their own.
      expect(running.emulator.admin.submits()).to.deep.equal([]);
    });
  }
});
