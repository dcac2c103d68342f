import { join } from "node:path";
import { startEmulator } from "vision-batch/emulator";
import { answer, usage } from "./workers-load.mjs";

const [folder = ""] = process.argv.slice(2);
const { admin, ...emulator } = await startEmulator({
  ...{ directory: join(folder, "buckets"), recordedDir: join(folder, "recorded") },
  ...{ recordedFor: "all", quotas: { imagesInProcessing: 1_000_000 } },
  // As the service is known to offer them.
  ...{ waitSupported: false, listSupported: false, cancelSupported: false, deleteSupported: false },
});

answer(
  {
    ports: () => ({
      grpc: Number(emulator.grpc.split(":")[1]),
      http: Number(new URL(emulator.http).port),
    }),
    hold: () => {
      admin.holdOperations(true);
      return {};
    },
    release: () => {
      admin.holdOperations(false);
      admin.releaseOperation();
      return {};
    },
    counts: () => {
      const submits = admin.submits();
      return {
        submits: submits.length,
        images: submits.reduce((sum, { inputCount }) => sum + inputCount, 0),
        polls: admin.calls("GetOperation"),
        open: admin.operations().filter(({ done }) => !done).length,
      };
    },
    usage,
  },
  () => emulator.close(),
);
