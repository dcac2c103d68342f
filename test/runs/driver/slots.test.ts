import { expect } from "chai";
import { KeyedSlots } from "../../../src/runs/driver/keyed-slots.ts";
import { Slots } from "../../../src/runs/driver/slots.ts";
import { rejection } from "../../fixtures/rejection.ts";

describe("Slots", () => {
  const free = new AbortController().signal;

  it("lets so many in, and the others in the order in which they came", async () => {
    const slots = new Slots(1);
    const first = await slots.enter(free);
    const order: string[] = [];
    const second = slots.enter(free).then((slot) => {
      order.push("second");
      return slot;
    });
    const third = slots.enter(free).then((slot) => {
      order.push("third");
      return slot;
    });
    expect(order).to.deep.equal([]);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
    (await third)[Symbol.dispose]();
    expect(order).to.deep.equal(["second", "third"]);
  });

  it("gives a slot back once, however often it is disposed of", async () => {
    const slots = new Slots(1);
    const first = await slots.enter(free);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    await slots.enter(free);
    const stop = new AbortController();
    const waiting = slots.enter(stop.signal);
    stop.abort(new Error("enough"));
    expect(await rejection(waiting)).to.have.property("message", "enough");
  });

  it("takes out who does not wait any longer, and nobody else", async () => {
    const slots = new Slots(1);
    const first = await slots.enter(free);
    const stop = new AbortController();
    const left = slots.enter(stop.signal);
    const stays = slots.enter(free);
    stop.abort(new Error("enough"));
    await rejection(left);
    first[Symbol.dispose]();
    (await stays)[Symbol.dispose]();
  });
});

describe("KeyedSlots", () => {
  const free = new AbortController().signal;

  it("lets so many in of each key, and keeps nothing of one that nobody uses any more", async () => {
    const slots = new KeyedSlots(1);
    const [first, other] = [await slots.enter("a", free), await slots.enter("b", free)];
    const stop = new AbortController();
    const waiting = slots.enter("a", stop.signal);
    const next = slots.enter("a", free);
    expect(slots.size).to.equal(2);
    other[Symbol.dispose]();
    expect(slots.size).to.equal(1);
    stop.abort(new Error("enough"));
    expect(await rejection(waiting)).to.have.property("message", "enough");
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(slots.size).to.equal(1);
    (await next)[Symbol.dispose]();
    expect(slots.size).to.equal(0);
  });
});
