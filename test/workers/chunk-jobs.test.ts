import { expect } from "chai";
import type { ChunkWork } from "../../src/runs/driver/chunk-work.ts";
import type { ChunkState } from "../../src/runs/journal/chunk-record.ts";
import type { ClaimRequest } from "../../src/runs/journal/chunk-writes.ts";
import { openChunkStates } from "../../src/runs/journal/journal.ts";
import { ChunkJobs } from "../../src/workers/chunk-jobs.ts";
import { queueOfState, type ChunkQueue } from "../../src/workers/queues.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";

describe("jobs about chunks", () => {
  /** The states in which a chunk is claimed for a job of a queue. */
  async function claimedStates(queue: ChunkQueue): Promise<readonly ChunkState[]> {
    const requests: ClaimRequest[] = [];
    const journal = {
      claim: (request: ClaimRequest) => Promise.resolve((requests.push(request), [])),
      readChunk: () => Promise.resolve(undefined),
    };
    const work = { settings: { leaseMs: 1000 }, parts: { journal, clock: new FakeClock() } };
    const parts = { work: work as unknown as ChunkWork, jobs: { add: () => Promise.resolve() } };
    const job = { id: "1", name: queue, data: { run: 1, number: 0 } } as never;
    const results = await new ChunkJobs(parts as never).do(queue, [job]);
    expect(results).to.deep.equal([{ id: "1", status: "completed" }]);
    return requests.flatMap(({ states }) => states);
  }

  it("claim a chunk whose output is to be read for that only, which other jobs would have to wait for", async () => {
    expect(await claimedStates("follow")).to.not.include("collecting");
    expect(await claimedStates("submit")).to.not.include("collecting");
    expect(await claimedStates("collect")).to.deep.equal(["collecting"]);
  });

  it("claim a chunk in whatever other state it is found", async () => {
    const others = openChunkStates.filter((state) => queueOfState[state] !== "collect");
    expect(await claimedStates("follow")).to.have.members(others);
    expect(await claimedStates("submit")).to.have.members(others);
  });
});
