import { expect } from "chai";
import { readMutatedShards } from "../../scripts/fuzz/read-mutated-shards.ts";

describe("readResults of spoilt shards", () => {
  it("ends with typed errors only, 2,000 shards over; npm run fuzz -- shards reads more", async () => {
    for (let seed = 1; seed <= 100; seed++) {
      expect(await readMutatedShards(seed), `seed ${seed}`).to.equal(undefined);
    }
  }).timeout(60_000);
});
