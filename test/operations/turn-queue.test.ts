import { expect } from "chai";
import fc from "fast-check";
import { TurnQueue, type Turn } from "../../src/operations/turn-queue.ts";

function turn(dueAt: number, sequence: number): Turn {
  return { dueAt, sequence, grant: () => undefined, fail: () => undefined };
}

describe("TurnQueue", () => {
  it("gives up turns by due time, the first come first, whichever are taken out between", () => {
    const turns = fc.array(
      fc.record({ dueAt: fc.integer({ min: 0, max: 20 }), stays: fc.boolean() }),
    );
    fc.assert(
      fc.property(turns, (wanted) => {
        const queue = new TurnQueue();
        const all = wanted.map(({ dueAt }, index) => turn(dueAt, index));
        for (const each of all) queue.add(each);
        const staying = all.filter((_, index) => wanted[index]?.stays);
        for (const each of all) if (!staying.includes(each)) queue.remove(each);
        expect(queue.size).to.equal(staying.length);
        const order: Turn[] = [];
        for (let { first } = queue; first !== undefined; { first } = queue) {
          order.push(first);
          queue.remove(first);
        }
        const expected = staying.sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
        expect(order).to.deep.equal(expected);
      }),
    );
  });

  it("gives up turns by the due times that they have after the last change", () => {
    const times = fc.array(fc.tuple(fc.integer({ max: 20 }), fc.integer({ max: 20 })));
    fc.assert(
      fc.property(times, (wanted) => {
        const queue = new TurnQueue();
        for (const [sequence, [before]] of wanted.entries()) queue.add(turn(before, sequence));
        queue.reorder(({ sequence }) => wanted[sequence]?.[1] ?? 0);
        const order: (readonly [number, number])[] = [];
        for (let { first } = queue; first !== undefined; { first } = queue) {
          order.push([first.dueAt, first.sequence]);
          queue.remove(first);
        }
        const expected = wanted.map(([, after], sequence) => [after, sequence] as const);
        expect(order).to.deep.equal(expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
    );
  });

  it("takes turns that are never due, and nothing out that is not there", () => {
    const queue = new TurnQueue();
    const [never, also] = [turn(Infinity, 1), turn(Infinity, 2)];
    queue.add(also);
    queue.add(never);
    queue.remove(turn(1, 3));
    expect(queue.first).to.equal(never);
    expect(queue.size).to.equal(2);
  });
});
