import type { Server, ServerUnaryCall, ServiceDefinition, UntypedHandleCall } from "@grpc/grpc-js";
import type { PackageDefinition } from "@grpc/proto-loader";
import type { CallDispatcher } from "../call-dispatcher.ts";
import type { EmulatedMethod } from "../emulated-call.ts";
import type { PlainJson } from "../plain-json.ts";
import { Connections } from "./connections.ts";
import { answerUnary, type UnaryCallback } from "./answer-unary.ts";
import { loadProtoFiles } from "./proto-files.ts";
import { addStandardServices } from "./standard-services.ts";
import { WireForm } from "./wire-form.ts";

// The emulator's own: grpc-js stops at 4 MB, less than one image may have, and memory is finite.
const maxRequestBytes = 40 * 1024 * 1024;

/** How the gRPC server is set up. */
export interface GrpcServerOptions {
  readonly host: string;
  readonly port: number;
  readonly methods: readonly EmulatedMethod[];
  readonly dispatcher: CallDispatcher;
  /** Told of an optional service that is left out. */
  readonly warn: (message: string) => void;
}

/** A running gRPC server. */
export interface GrpcServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves the methods over gRPC without TLS, with health and reflection.
 * @throws MissingPackageError for `@grpc/proto-loader`; what listening throws.
 */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  const [grpc, definition] = await Promise.all([import("@grpc/grpc-js"), loadProtoFiles()]);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxRequestBytes,
    "grpc.max_send_message_length": -1,
  });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const connections = new Connections((socket) => injector.injectConnection(socket));
  addMethods(server, { ...options, definition, connections });
  await addStandardServices(server, definition, options.warn);
  const port = await connections.listen(options.port, options.host);
  return {
    port,
    close: async () => {
      // In this order callers see a lost connection; the other way about, a cancelled call.
      await connections.close();
      server.forceShutdown();
    },
  };
}

interface MethodParts extends GrpcServerOptions {
  readonly definition: PackageDefinition;
  readonly connections: Connections;
}

function addMethods(server: Server, parts: MethodParts): void {
  const { definition, connections, dispatcher, methods } = parts;
  const wire = new WireForm(definition);
  for (const serviceName of new Set(methods.map(({ entry }) => entry.service))) {
    const overGrpc = methods.filter(
      ({ entry }) => entry.service === serviceName && entry.path !== undefined,
    );
    const handlers = overGrpc.map((method): [string, UntypedHandleCall] => [
      method.entry.name,
      (call: ServerUnaryCall<PlainJson, PlainJson>, callback: UnaryCallback) => {
        void answerUnary({ call, callback, method, dispatcher, connections, wire, definition });
      },
    ]);
    server.addService(definition[serviceName] as ServiceDefinition, Object.fromEntries(handlers));
  }
}
