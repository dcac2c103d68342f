// `npm run live`: settles against the real service what its documentation leaves open. Opt-in: it
// needs a project of your own, says what it costs and asks before anything is sent.
import { runLive } from "./live/run-live.ts";

const stop = new AbortController();
// Once: a second Ctrl-C ends the process without the cleaning up.
process.once("SIGINT", () => {
  process.stderr.write("stopping: the report is written and what was staged is deleted\n");
  stop.abort(new Error("stopped by Ctrl-C"));
});
process.exitCode = await runLive(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal: stop.signal,
});
