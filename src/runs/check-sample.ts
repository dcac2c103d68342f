import { InvalidRequestError } from "../errors/index.ts";
import { chunkRequest } from "./driver/chunk-request.ts";
import type { RunService } from "./driver/run-service.ts";
import type { RunOptions } from "./run-options.ts";

const sample = { index: 0, uri: "gs://bucket/object", mimeType: "application/pdf" };

/**
 * Checks the options of a run by a request that is not sent, so that they are not found wrong once
 * millions of inputs were planned. Whether the version takes images or files at all is told by the chunks.
 * @throws InvalidRequestError
 */
export async function checkSample(service: RunService, options: RunOptions): Promise<void> {
  const prefix = `${options.output}sample/`;
  for (const kind of ["image", "file"] as const) {
    const { method, request } = chunkRequest(kind, [sample], { prefix, options });
    const wrong = await service.prepare(method, request).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(wrong instanceof InvalidRequestError)) continue;
    const problems = wrong.problems.map((problem) => ({
      ...problem,
      field: problem.field.replace(/^requests\[0\]\./, ""),
    }));
    throw new InvalidRequestError("the run", problems);
  }
}
