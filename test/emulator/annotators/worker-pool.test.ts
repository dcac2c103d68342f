import { expect } from "chai";
import {
  PoolClosedError,
  TaskTimeoutError,
  WorkerCrashedError,
} from "../../../src/emulator/annotators/pool-errors.ts";
import { WorkerPool } from "../../../src/emulator/annotators/worker-pool.ts";

interface Reply {
  readonly threadId: number;
  readonly task: { readonly do: string; readonly n?: number };
}

const workerUrl = new URL("scripted-worker.ts", import.meta.url);

async function outcome(promise: Promise<Reply>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe("WorkerPool", () => {
  let pool: WorkerPool<Reply>;
  const open = (options: Partial<ConstructorParameters<typeof WorkerPool>[0]> = {}): void => {
    pool = new WorkerPool({
      workerUrl,
      workers: 1,
      taskTimeoutMs: 30_000,
      startTimeoutMs: 30_000,
      ...options,
    });
  };
  const run = (action: string, signal?: AbortSignal): Promise<Reply> =>
    pool.run(() => ({ task: { do: action } }), signal);
  afterEach(() => pool.close());

  it("does tasks in their order on the threads that it has", async () => {
    open();
    const order: number[] = [];
    const replies = await Promise.all(
      [1, 2, 3].map(async (n) => {
        const reply = await pool.run(() => ({ task: { do: "work", n } }));
        order.push(n);
        return reply;
      }),
    );
    expect(order).to.deep.equal([1, 2, 3]);
    expect(new Set(replies.map(({ threadId }) => threadId)).size).to.equal(1);
  });

  it("starts no more threads than it may", async () => {
    open({ workers: 2 });
    const replies = await Promise.all(Array.from({ length: 12 }, () => run("work")));
    expect(new Set(replies.map(({ threadId }) => threadId)).size).to.be.at.most(2);
  });

  it("builds a waiting task only when a worker is free", async () => {
    open();
    let built = false;
    const first = run("work");
    const second = pool.run(() => {
      built = true;
      return { task: { do: "work" } };
    });
    expect(built).to.equal(false);
    await Promise.all([first, second]);
    expect(built).to.equal(true);
  });

  for (const action of ["crash", "exit"]) {
    it(`survives a thread that ends in the middle of a task (${action})`, async () => {
      open();
      const [failed, next] = await Promise.all([outcome(run(action)), outcome(run("work"))]);
      expect(failed).to.be.instanceOf(WorkerCrashedError);
      expect(next).to.have.nested.property("task.do", "work");
    });
  }

  for (const action of ["hang", "loop"]) {
    it(`ends a task that takes longer than its limit (${action})`, async () => {
      open({ taskTimeoutMs: 20 });
      const [failed, next] = await Promise.all([outcome(run(action)), outcome(run("hang"))]);
      expect(failed).to.be.instanceOf(TaskTimeoutError);
      expect(next).to.be.instanceOf(TaskTimeoutError);
    });
  }

  it("counts the limit from when the worker has started, and limits the start as well", async () => {
    open({ taskTimeoutMs: 30_000, startTimeoutMs: 20 });
    expect(await outcome(run("silence"))).to.include({ timeoutMs: 20 });
  });

  it("replaces a thread that asks for it", async () => {
    open();
    const first = await run("retire");
    const second = await run("work");
    const third = await run("work");
    expect(second.threadId).not.to.equal(first.threadId);
    expect(third.threadId).to.equal(second.threadId);
  });

  it("takes an aborted task out of the queue", async () => {
    open();
    const controller = new AbortController();
    const running = run("work");
    const waiting = outcome(run("crash", controller.signal));
    const last = run("work");
    controller.abort(new Error("enough"));
    expect(await waiting).to.have.property("message", "enough");
    expect((await last).threadId).to.equal((await running).threadId);
  });

  it("stops waiting for a task that runs, and goes on when it has ended", async () => {
    open({ taskTimeoutMs: 50 });
    const controller = new AbortController();
    const running = outcome(run("hang", controller.signal));
    controller.abort(new Error("enough"));
    expect(await running).to.have.property("message", "enough");
    expect(await outcome(run("hang"))).to.be.instanceOf(TaskTimeoutError);
  });

  it("rejects what waits and runs when it is closed, and what comes after", async () => {
    open();
    const tasks = [outcome(run("hang")), outcome(run("work"))];
    await pool.close();
    for (const task of [...tasks, outcome(run("work"))]) {
      expect(await task).to.be.instanceOf(PoolClosedError);
    }
  });
});
