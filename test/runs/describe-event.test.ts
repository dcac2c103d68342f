import { expect } from "chai";
import { describeEvent } from "../../src/runs/describe-event.ts";

describe("describeEvent", () => {
  it("tells events in words, and those that it does not know as they are", () => {
    expect(
      describeEvent({ type: "rejected", data: { code: "RESOURCE_EXHAUSTED", retryInMs: 2500 } }),
    ).to.equal("refused with RESOURCE_EXHAUSTED, again in 2.5 s");
    expect(
      describeEvent({ type: "state", data: { state: "failed", error: { message: "no" } } }),
    ).to.equal("the run is failed: no");
    expect(
      describeEvent({ type: "ended", data: { state: "done", counts: { succeeded: 2 } } }),
    ).to.equal("ended as done: 2 succeeded");
    expect(describeEvent({ type: "rejected", data: { retryInMs: 0 } })).to.equal(
      "refused, or never sent, again in 0.0 s",
    );
    expect(describeEvent({ type: "unreachable", data: { code: "UNAVAILABLE" } })).to.equal(
      "nothing reaches the service (UNAVAILABLE): what is to be submitted waits until something does",
    );
    expect(describeEvent({ type: "resubmitting", data: { attempt: 2, by: "policy" } })).to.equal(
      "about to be submitted again, by decision of the policy: an earlier one may have been accepted",
    );
    expect(describeEvent({ type: "planned" })).to.equal("all inputs were planned");
    expect(describeEvent({ type: "novel", data: { a: 1 } })).to.equal('novel {"a":1}');
  });
});
