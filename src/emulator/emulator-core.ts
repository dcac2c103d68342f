import { imagesInProcessing } from "../protocol/limits.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { CallDispatcher } from "./call-dispatcher.ts";
import { CallLog } from "./call-log.ts";
import { createAdmin, type EmulatorAdmin } from "./emulator-admin.ts";
import { systemClock } from "./emulator-clock.ts";
import type { EmulatorOptions } from "./emulator-options.ts";
import { FaultEngine } from "./faults/fault-engine.ts";
import { LazyAnnotator } from "./lazy-annotator.ts";
import { createOperationHandlers } from "./operations/operation-handlers.ts";
import { OperationGate } from "./operations/operation-gate.ts";
import { OperationRunner } from "./operations/operation-runner.ts";
import { OperationStore } from "./operations/operation-store.ts";
import { ProcessingQueue } from "./processing-queue.ts";
import { createProductSearchHandlers } from "./product-search/product-search-handlers.ts";
import { ProductCatalog } from "./product-search/product-catalog.ts";
import { RequestQuota } from "./request-quota.ts";
import type { AnnotationParts } from "./vision/annotation-parts.ts";
import { createAsyncHandlers } from "./vision/async-handlers.ts";
import { createSyncHandlers } from "./vision/sync-handlers.ts";

const dayMs = 24 * 60 * 60 * 1000;

// Annotators queue what their threads cannot take; more than this only holds more in memory.
const imagesAtATime = 8;
const filesAtATime = 4;

/** The emulated service without its transports. */
export interface EmulatorCore {
  readonly dispatcher: CallDispatcher;
  readonly faults: FaultEngine;
  readonly admin: EmulatorAdmin;
  /** Reads the recorded responses and the kept resources. @throws VisionBatchError where they cannot be used. */
  prepare(): Promise<void>;
  /** Stops operations and annotators. */
  close(): Promise<void>;
}

/** Where the emulated service keeps things. */
export interface CorePlaces {
  readonly store: ObjectStore;
  /** The folder of the store, which holds the resources of Product Search too. */
  readonly directory: string;
}

/** Puts the emulated service together. */
export function createCore(
  options: EmulatorOptions,
  { store, directory }: CorePlaces,
): EmulatorCore {
  const clock = options.clock ?? systemClock;
  const projectId = options.projectId ?? "emulator";
  const annotator = new LazyAnnotator(options);
  const catalog = new ProductCatalog(directory);
  const processingMsPerImage = options.processingMsPerImage ?? 0;
  const faults = new FaultEngine(options.faults ?? [], options.faultSeed ?? 1);
  const annotation: AnnotationParts = {
    annotator: () => annotator.get(),
    store,
    strikeShard: (method) => faults.strikeShard(method),
    productSets: catalog,
    clock,
    processingMsPerImage,
    concurrency: imagesAtATime,
    imageSlots: new ProcessingQueue(imagesAtATime),
    fileSlots: new ProcessingQueue(filesAtATime),
  };
  const log = new CallLog();
  const operations = new OperationStore({ clock, retentionMs: options.retentionMs ?? dayMs });
  const gate = new OperationGate();
  const queue = new ProcessingQueue(options.quotas?.imagesInProcessing ?? imagesInProcessing);
  const runner = new OperationRunner({ queue, gate, clock });
  const quota = new RequestQuota({
    requestsPerMinute: options.quotas?.requestsPerMinute,
    clock,
    projectId,
  });
  const submits = { operations, runner, log, clock, projectId };
  const handlers = new Map([
    ...createSyncHandlers(annotation),
    ...createAsyncHandlers({ annotation, ...submits }),
    ...createProductSearchHandlers({ catalog, store, processingMsPerImage, ...submits }),
    ...createOperationHandlers({ operations, log, clock, supported: supportedOf(options) }),
  ]);
  return {
    dispatcher: new CallDispatcher({ faults, quota, log, clock, handlers }),
    faults,
    admin: createAdmin({ log, faults, operations, runner, gate, quota }),
    prepare: async () => {
      await catalog.load();
      if (options.recordedDir !== undefined) await annotator.get();
    },
    close: async () => {
      await runner.stop(new Error("the emulator was closed"));
      await annotator.close();
    },
  };
}

function supportedOf(options: EmulatorOptions): {
  readonly cancel: boolean;
  readonly list: boolean;
  readonly delete: boolean;
  readonly wait: boolean;
} {
  return {
    cancel: options.cancelSupported ?? true,
    list: options.listSupported ?? true,
    delete: options.deleteSupported ?? true,
    wait: options.waitSupported ?? true,
  };
}
