import { expect } from "chai";
import { closeAll } from "../../src/workers/close-all.ts";
import { recordingLogger } from "../fixtures/recording-logger.ts";
import { rejection } from "../fixtures/rejection.ts";

describe("closing the parts of a worker", () => {
  it("closes each in turn, tells of the first that cannot be closed and logs the others", async () => {
    const { logger, entries } = recordingLogger();
    const closed: number[] = [];
    const part = (number: number, error?: Error) => async () => {
      await Promise.resolve();
      closed.push(number);
      if (error !== undefined) throw error;
    };
    const [first, second] = [new Error("first"), new Error("second")];
    const parts = [part(1), part(2, first), () => undefined, part(3, second), part(4)];
    expect(await rejection(closeAll(logger, parts))).to.equal(first);
    expect(closed).to.deep.equal([1, 2, 3, 4]);
    expect(entries.map(([, fields]) => fields)).to.deep.equal([{ error: second }]);
    await closeAll(logger, [part(5)]);
  });
});
