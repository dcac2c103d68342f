import { stubs } from "../../generated/index.ts";

/** A generated grpc-js client, as far as a caller of unary methods uses it. */
export interface UnaryStub {
  waitForReady(deadline: number, callback: (error?: Error | null) => void): void;
  /** `READY` is 2; `true` has an idle channel connect. */
  getChannel(): { getConnectivityState(tryToConnect: boolean): number };
  close(): void;
  readonly [method: string]: ((...args: never[]) => unknown) | undefined;
}

/** A generated grpc-js client class. */
export type StubConstructor = new (...args: never[]) => UnaryStub;

const loaders: Readonly<Record<string, (() => Promise<unknown>) | undefined>> = stubs;

/** Loads the generated stub of a service, and grpc-js with it. */
export async function loadStub(service: string): Promise<StubConstructor> {
  const load = loaders[service];
  if (load === undefined) throw new Error(`no gRPC stub was generated for ${service}`);
  return (await load()) as StubConstructor;
}
