import { createWorker } from "vision-batch/workers";
import { answer, connect, servicePace, usage } from "./workers-load.mjs";

const [journal = "", grpc = "", http = "", firstPollMs = ""] = process.argv.slice(2);
const initialMs = Number(firstPollMs);
const { client, store } = connect({ grpc, http, pace: { ...servicePace, initialMs } });
const worker = await createWorker({ journal, client, store });
answer({ usage }, async () => {
  await worker.close();
  await client.close();
});
