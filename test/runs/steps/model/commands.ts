import fc from "fast-check";
import type { Decision } from "../../../../src/runs/journal/chunk-record.ts";
import type { World } from "./world.ts";

type Command = fc.AsyncCommand<object, World>;

/** Something that happens to a world, whenever it does. */
function command(name: string, run: (world: World) => Promise<void>): Command {
  return { check: () => true, run: (_model, world) => run(world), toString: () => name };
}

const worker = fc.nat({ max: 2 });

const work = fc.tuple(worker, fc.integer({ min: 1, max: 60 })).map(([index, times]) =>
  command(`work(${index}, ${times})`, async (world) => {
    const actor = world.workers[index % world.workers.length];
    for (let time = 0; time < times && (await actor?.act()) === true; time++);
  }),
);
const renew = worker.map((index) =>
  command(`renew(${index})`, async (world) => {
    await world.workers[index % world.workers.length]?.renew();
  }),
);
const crash = worker.map((index) =>
  command(`crash(${index})`, async (world) => {
    world.crash(index);
    await Promise.resolve();
  }),
);
const decide = fc
  .tuple(fc.nat({ max: 7 }), fc.constantFrom<Decision>("resubmit", "fail"))
  .map(([chunk, decision]) =>
    command(`decide(${chunk}, ${decision})`, (world) => world.decide(chunk, decision)),
  );

/** Time passes until a worker has something to do. */
const passToNext = fc.constant(
  command("passToNext()", async (world) => {
    const nextMs = Math.min(...world.workers.map((each) => each.nextMs ?? Infinity));
    world.pass(Number.isFinite(nextMs) ? Math.max(1, nextMs - world.nowMs) : 1000);
    await Promise.resolve();
  }),
);

function pass(min: number, max: number): fc.Arbitrary<Command> {
  return fc.integer({ min, max }).map((ms) =>
    command(`pass(${ms})`, async (world) => {
      world.pass(ms);
      await Promise.resolve();
    }),
  );
}

const commands = fc.oneof(
  { weight: 500, arbitrary: work },
  { weight: 250, arbitrary: passToNext },
  { weight: 100, arbitrary: pass(1, 5000) },
  { weight: 10, arbitrary: pass(10_000, 90_000) },
  { weight: 100, arbitrary: renew },
  { weight: 10, arbitrary: crash },
  { weight: 20, arbitrary: decide },
  { weight: 3, arbitrary: fc.constant(command("pause()", (world) => world.pause())) },
  { weight: 20, arbitrary: fc.constant(command("resume()", (world) => world.resume())) },
  { weight: 20, arbitrary: fc.constant(command("retry()", (world) => world.retry())) },
  { weight: 2, arbitrary: fc.constant(command("cancel()", (world) => world.cancel())) },
);

/** Rows of things that happen to a world; most are everyday ones. */
export const commandRows = fc.commands([commands], { maxCommands: 400, size: "max" });
