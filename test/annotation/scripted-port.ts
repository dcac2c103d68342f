import type { AnnotationPort } from "../../src/annotation/annotation-port.ts";

/** A request as it is handed to a port. */
export interface PortRequest {
  readonly requests: readonly {
    readonly image?: { readonly content?: Uint8Array; readonly source?: { imageUri: string } };
    readonly inputConfig?: { readonly content?: Uint8Array; readonly gcsSource?: { uri: string } };
    readonly pages?: readonly number[];
  }[];
}

/** A port of v1 whose calls a test answers. */
export function scriptedPort(
  answer: (request: PortRequest, signal: AbortSignal | undefined) => Promise<object> | object,
  encoding: "json" | "proto" = "proto",
) {
  const requests: PortRequest[] = [];
  const port: AnnotationPort = {
    encoding,
    messages: () => Promise.resolve("v1"),
    call: async (_method, request, { signal }) => {
      requests.push(request as PortRequest);
      return answer(request as PortRequest, signal);
    },
  };
  return { port, requests };
}
