// The emulator in a process of its own: its options as JSON; prints where it listens, ends when its input does.
import { startEmulator, type EmulatorOptions } from "../../../src/emulator/index.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as EmulatorOptions;
const emulator = await startEmulator(options);
const { grpc, http } = emulator;
process.stdout.write(`${JSON.stringify({ grpc, http })}\n`);
process.stdin.resume().once("end", () => {
  void emulator.close().then(() => process.exit());
});
