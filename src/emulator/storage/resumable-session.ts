import { failedPrecondition } from "../../storage/preconditions.ts";
import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { StagedContent } from "../../storage/staged-content.ts";
import type { StoredObject } from "../../storage/stored-object.ts";
import { ApiError, badRequest } from "./api-error.ts";
import { parseUploadRange, type UploadRange } from "./content-range.ts";
import type { StorageRequest } from "./storage-request.ts";
import { commitUpload, hashesInHeader, type UploadPlan } from "./uploaded-object.ts";

/** How a resumable upload stands: `persisted` bytes so far, or the object. */
export type SessionState = { readonly persisted: number } | { readonly object: StoredObject };

/** A resumable upload: it outlives its connections, and takes one request at a time. */
export class ResumableSession {
  readonly plan: UploadPlan;
  readonly #directory: ObjectDirectory;
  #staged: StagedContent | undefined;
  #object: StoredObject | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #isEnded = false;

  constructor(directory: ObjectDirectory, plan: UploadPlan) {
    this.#directory = directory;
    this.plan = plan;
  }

  /** @throws ApiError 412 where a condition does not hold now; at the end they are looked at again. */
  checkConditions(): void {
    const { bucket, name, conditions } = this.plan;
    const failed = failedPrecondition(conditions, this.#directory.find(bucket, name));
    if (failed !== undefined) throw new ApiError(412, `${failed} does not hold`);
  }

  /** Takes what a PUT brings, after those before it. */
  take(request: StorageRequest): Promise<SessionState> {
    const taken = this.#turn.then(() => this.#take(request));
    this.#turn = taken.catch(() => undefined);
    return taken;
  }

  /** Ends the session and discards what it holds. */
  end(): void {
    this.#isEnded = true;
    this.#staged?.discard();
  }

  async #take(request: StorageRequest): Promise<SessionState> {
    if (this.#object !== undefined) return { object: this.#object };
    this.#checkGoesOn();
    const header = request.headers["content-range"];
    const range = header === undefined ? wholeRange : parseUploadRange(header);
    const staged = (this.#staged ??= await this.#directory.stage(this.plan.bucket, {
      hashed: true,
    }));
    this.#checkGoesOn();
    if (range.start !== undefined) await this.#append(staged, range.start, request.body);
    this.#checkGoesOn();
    if (!isComplete(range, staged.size)) return { persisted: staged.size };
    const expected = { ...this.plan.expected, ...hashesInHeader(request.headers) };
    // Whatever comes of it, the content is used up.
    this.#isEnded = true;
    this.#object = commitUpload(this.#directory, staged, { ...this.plan, expected });
    return { object: this.#object };
  }

  /** The session can be ended while a request is under way, even while it begins the content. */
  #checkGoesOn(): void {
    if (!this.#isEnded) return;
    this.#staged?.discard();
    throw new ApiError(410, "the upload session has ended");
  }

  /** Appends a body; what is persisted already is passed over. */
  async #append(
    staged: StagedContent,
    start: number,
    body: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    if (start > staged.size) {
      throw badRequest(`the upload goes on at byte ${staged.size}, not at ${start}`);
    }
    let known = staged.size - start;
    for await (const chunk of body) {
      this.#checkGoesOn();
      const fresh = chunk.subarray(known);
      known -= chunk.length - fresh.length;
      await staged.write(fresh);
    }
  }
}

/** What a PUT without a Content-Range brings. */
const wholeRange: UploadRange = { start: 0, last: undefined, total: undefined };

/** @throws ApiError 400 when more came than was announced. */
function isComplete({ start, last, total }: UploadRange, size: number): boolean {
  if (total === undefined) return start !== undefined && last === undefined;
  if (size > total) throw badRequest(`${size} bytes came where ${total} were announced`);
  return size === total;
}
