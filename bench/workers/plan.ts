import type { Measurement } from "../child-process.ts";
import { WorkerBench } from "./worker-bench.ts";

/**
 * What a journal takes of images before anything is done with them: time and bytes, and what its log takes.
 * Names that are much like each other are kept in much fewer bytes than random ones, of 55 bytes here.
 */
export async function measurePlan(images: number): Promise<Measurement> {
  await using bench = await WorkerBench.start(images);
  const { database, service } = bench;
  const empty = await bench.emptySizes();
  await database.reset();
  const start = performance.now();
  await service.measure("start");
  const ms = performance.now() - start;
  const { walBytes } = await database.read();
  const alike = await database.sizes();
  await service.measure("startRandom");
  const both = await database.sizes();
  return {
    planImagesPerSecond: (1000 * images) / ms,
    planBytesPerImage: (alike.journal - empty.journal) / images,
    planWalBytesPerImage: walBytes / images,
    planBytesPerRandomName: (both.journal - alike.journal) / images,
  };
}
