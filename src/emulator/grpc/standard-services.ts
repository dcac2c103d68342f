import type { Server } from "@grpc/grpc-js";
import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";
import { loadOptional, MissingPackageError } from "../../errors/index.ts";

import { loadFileDescriptors } from "./proto-files.ts";
import { linkableFiles } from "./reflection-files.ts";

/** Adds grpc.health.v1 and reflection; one whose package is not installed is left out with a warning. */
export async function addStandardServices(
  server: Server,
  definition: PackageDefinition,
  warn: (message: string) => void,
): Promise<void> {
  for (const add of [addHealth, addReflection]) {
    try {
      await add(server, definition);
    } catch (error) {
      if (!(error instanceof MissingPackageError)) throw error;
      warn(error.message);
    }
  }
}

async function addHealth(server: Server, definition: PackageDefinition): Promise<void> {
  const { HealthImplementation } = await loadOptional(
    "grpc-health-check",
    "the health service of the emulator",
    () => import("grpc-health-check"),
  );
  const services = Object.keys(definition).filter((name) =>
    /\.(ImageAnnotator|Operations|ProductSearch)$/.test(name),
  );
  const serving = ["", ...services].map((name) => [name, "SERVING"] as const);
  new HealthImplementation(Object.fromEntries(serving)).addToServer(server);
}

async function addReflection(server: Server): Promise<void> {
  const { ReflectionService } = await loadOptional(
    "@grpc/reflection",
    "the reflection service of the emulator",
    () => import("@grpc/reflection"),
  );
  const files = linkableFiles(await loadFileDescriptors());
  // The service reads no more of a definition than the files that its messages carry.
  const message = { fileDescriptorProtos: files.map((file) => Buffer.from(file)) };
  const definition = { files: message as unknown as MessageTypeDefinition<object, object> };
  new ReflectionService(definition).addToServer(server);
}
