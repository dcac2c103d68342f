import { expect } from "chai";
import fc from "fast-check";
import { interruptible } from "../../src/annotation/interruptible.ts";
import { runInOrder, type Outcome } from "../../src/annotation/run-in-order.ts";
import { createScope } from "../../src/annotation/scope.ts";
import { collect } from "../fixtures/collect.ts";
import { rejection } from "../fixtures/rejection.ts";

interface Task {
  readonly name: string;
  readonly further?: readonly Task[];
}

/** Work whose ends a test decides. */
function scriptedWork() {
  const waiting = new Map<string, () => void>();
  const begun: string[] = [];
  let underWay = 0;
  let most = 0;
  return {
    begun,
    waiting,
    get most() {
      return most;
    },
    run: async (task: Task): Promise<Outcome<Task, string>> => {
      begun.push(task.name);
      most = Math.max(most, ++underWay);
      await new Promise<void>((resolve) => waiting.set(task.name, resolve));
      underWay -= 1;
      return { result: task.name, further: task.further ?? [] };
    },
    end(name: string) {
      waiting.get(name)?.();
      waiting.delete(name);
    },
  };
}

async function* tasks(items: readonly Task[]): AsyncGenerator<Task, void, undefined> {
  yield* items;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("runInOrder", () => {
  const named = (count: number): Task[] =>
    Array.from({ length: count }, (_, index) => ({ name: String(index) }));

  it("yields in the order of the items, whatever ends first, with what an item adds behind it", async () => {
    const order = fc.infiniteStream(fc.nat());
    const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(shape, order, fc.integer({ min: 1, max: 4 }), async (shapes, picks, n) => {
        const items = shapes.map((count, index): Task => ({
          name: `${index}`,
          further: Array.from({ length: count }, (_, i) => ({ name: `${index}.${i}` })),
        }));
        const work = scriptedWork();
        const results = collect(
          runInOrder(tasks(items), { concurrency: n, scope: createScope(), run: work.run }),
        );
        const expected = items.flatMap(({ name, further = [] }) => [
          name,
          ...further.map((one) => one.name),
        ]);
        while (work.begun.length < expected.length || work.waiting.size > 0) {
          await new Promise((resolve) => setImmediate(resolve));
          const names = [...work.waiting.keys()];
          const pick = picks.next().value as number;
          const name = names[pick % Math.max(1, names.length)];
          if (name !== undefined) work.end(name);
        }
        expect(await results).to.deep.equal(expected);
        expect(work.most).to.be.at.most(n);
      }),
      { numRuns: 40 },
    );
  });

  it("begins no more than its window before a result is taken", async () => {
    const work = scriptedWork();
    const run = runInOrder(tasks(named(50)), {
      concurrency: 2,
      scope: createScope(),
      run: work.run,
    });
    const first = run.next();
    await settle();
    expect(work.begun).to.deep.equal(["0", "1"]);
    for (let index = 0; index < 4; index += 1) {
      work.end(String(index));
      await settle();
    }
    expect((await first).value).to.equal("0");
    await settle();
    expect(work.begun).to.have.length(5);
    work.end("4");
    await settle();
    expect(work.begun).to.have.length(5);
    const left = run.return();
    await left;
  });

  it("goes on with an early item that adds more although later ones fill the window", async () => {
    const work = scriptedWork();
    const further = named(6).map(({ name }) => ({ name: `more ${name}` }));
    const items = [{ name: "long", further }, ...named(9)];
    const run = runInOrder(tasks(items), { concurrency: 3, scope: createScope(), run: work.run });
    const results = collect(run);
    await settle();
    for (const name of ["0", "1", "2", "3", "4"]) {
      work.end(name);
      await settle();
    }
    work.end("long");
    await settle();
    expect([...work.waiting.keys()]).to.deep.equal(["more 0", "more 1", "more 2"]);
    while (work.waiting.size > 0) {
      for (const name of [...work.waiting.keys()]) work.end(name);
      await settle();
    }
    expect((await results).slice(0, 3)).to.deep.equal(["long", "more 0", "more 1"]);
  });

  it("throws a failure at its turn, stops its scope and waits for what is under way", async () => {
    const scope = createScope();
    let ended = false;
    const run = runInOrder(tasks(named(3)), {
      concurrency: 3,
      scope,
      run: async ({ name }) => {
        if (name === "1") {
          await settle();
          throw new Error("no");
        }
        if (name === "2") {
          await new Promise((resolve) => {
            scope.signal.addEventListener("abort", resolve);
          });
          await settle();
          ended = true;
        }
        return { result: name };
      },
    });
    expect((await run.next()).value).to.equal("0");
    expect(await rejection(run.next())).to.have.property("message", "no");
    expect(ended).to.equal(true);
    expect(scope.signal.aborted).to.equal(true);
  });

  it("throws what its items throw after the results before it", async () => {
    const scope = createScope();
    async function* failing(): AsyncGenerator<Task, void, undefined> {
      yield { name: "0" };
      throw new Error("no more");
    }
    const run = runInOrder(failing(), {
      concurrency: 3,
      scope,
      run: async ({ name }) => ({ result: name }),
    });
    expect((await run.next()).value).to.equal("0");
    expect(await rejection(run.next())).to.have.property("message", "no more");
  });
});

describe("interruptible", () => {
  it("ends with the reason while an item is waited for, and tells the iterator", async () => {
    const abort = new AbortController();
    let isTold = false;
    const hanging: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => undefined),
        return: () => {
          isTold = true;
          return new Promise<never>(() => undefined);
        },
      }),
    };
    const next = interruptible(hanging, abort.signal).next();
    abort.abort(new Error("stop"));
    expect(await rejection(next)).to.have.property("message", "stop");
    expect(isTold).to.equal(true);
  });

  it("lets a generator clean up before it is left", async () => {
    let isClean = false;
    function* items() {
      try {
        yield 1;
        yield 2;
      } finally {
        isClean = true;
      }
    }
    const { signal } = new AbortController();
    for await (const item of interruptible(items(), signal)) if (item === 1) break;
    expect(isClean).to.equal(true);
  });
});
