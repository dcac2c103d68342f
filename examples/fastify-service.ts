/**
 * A service that annotates lists of images: takes jobs, streams their status by server-sent events and
 * their results as NDJSON. A job is a run in a journal, so that a service which ends, gracefully or not,
 * goes on with its jobs when it starts again.
 *
 *   npm run build   # once, for a clone of the repository
 *   OUTPUT=gs://my-bucket/results/ node examples/fastify-service.ts
 *   curl -X PUT http://127.0.0.1:3000/jobs/monday \
 *     -H 'content-type: application/json' -d '{"images":["gs://my-bucket/scans/1.png"]}'
 *   curl -N http://127.0.0.1:3000/jobs/monday/status
 *   curl http://127.0.0.1:3000/jobs/monday/results
 *
 * HOST, PORT and JOURNAL say where it listens and what it remembers its jobs by. Credentials are those
 * of the environment (`gcloud auth application-default login`); without Google, start `npx vision-batch
 * emulator` and set VISION_EMULATOR_HOST and VISION_EMULATOR_HTTP to what it prints.
 */
import { Readable } from "node:stream";
import Fastify from "fastify";
import { InvalidRequestError, openRuns, RunConflictError, type Run } from "vision-batch";

const { OUTPUT: output, HOST: host = "127.0.0.1", PORT: port = "3000" } = process.env;
if (output === undefined) {
  console.error("usage: OUTPUT=gs://my-bucket/results/ node examples/fastify-service.ts");
  process.exit(2);
}

const runs = await openRuns({ journal: process.env["JOURNAL"] ?? "sqlite:jobs.db" });
for await (const { id } of runs.list({ states: ["running", "cancelling"] })) await runs.resume(id);

const closing = new AbortController();
const { signal } = closing;
const app = Fastify({ logger: true });
app.addHook("preClose", async () => {
  closing.abort();
});
app.addHook("onClose", () => runs.close());

app.setErrorHandler((error, _request, reply) => {
  if (error instanceof InvalidRequestError) {
    return reply.code(400).send({ message: error.message, problems: error.problems });
  }
  if (error instanceof RunConflictError) return reply.code(409).send({ message: error.message });
  return reply.send(error);
});

interface Job {
  Params: { id: string };
  Body: { images: string[] };
}
const images = { type: "array", items: { type: "string" }, minItems: 1, maxItems: 10_000 };
const schema = { body: { type: "object", required: ["images"], properties: { images } } };
// A connection that was kept alive after a stream would keep the service from ending.
const streamHeaders = { connection: "close", "cache-control": "no-store" };

// The client names the job, so that it may ask again when it does not hear the answer.
app.put<Job>("/jobs/:id", { schema }, async ({ params: { id }, body }, reply) => {
  const inputs = body.images;
  await runs.start({ id, inputs, features: ["TEXT_DETECTION"], output, signal });
  return reply.code(202).send({ id, status: `/jobs/${id}/status`, results: `/jobs/${id}/results` });
});

app.get<Job>("/jobs/:id/status", async ({ params: { id } }, reply) => {
  const run = await runs.get(id);
  if (run === undefined) return reply.code(404).send({ message: `no job ${id}` });
  reply.headers({ ...streamHeaders, "content-type": "text/event-stream" });
  return reply.send(Readable.from(events(run)));
});

app.get<Job>("/jobs/:id/results", async ({ params: { id } }, reply) => {
  const run = await runs.get(id);
  if (run === undefined) return reply.code(404).send({ message: `no job ${id}` });
  reply.headers({ ...streamHeaders, "content-type": "application/x-ndjson" });
  return reply.send(Readable.from(lines(run)));
});

for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => void app.close());
await app.listen({ host, port: Number(port) });

/** One event a second, and one at the end of the job or of the service, for which clients ask again. */
async function* events(run: Run): AsyncGenerator<string, void, void> {
  try {
    for await (const { state, inputs, timeLeftMs } of run.progress({ signal })) {
      yield `event: ${state}\ndata: ${JSON.stringify({ inputs, timeLeftMs })}\n\n`;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    yield "event: closing\ndata: {}\n\n";
  }
}

/** Each record as it comes. One that cannot be read cuts the answer off, so that none looks whole. */
async function* lines(run: Run): AsyncGenerator<string, void, void> {
  for await (const { uri, status, ...rest } of run.results({ signal })) {
    const response = "response" in rest ? rest.response : undefined;
    const error = "error" in rest ? rest.error : undefined;
    yield `${JSON.stringify({ uri, status, text: response?.fullTextAnnotation?.text, error })}\n`;
  }
}
