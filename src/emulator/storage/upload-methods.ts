import { randomUUID } from "node:crypto";

import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { StoredObject } from "../../storage/stored-object.ts";
import { badRequest, notFound } from "./api-error.ts";
import { readMultipart } from "./multipart-body.ts";
import { resourceReply } from "./object-methods.ts";
import { emptyReply, type Reply } from "./reply.ts";
import { ResumableSession, type SessionState } from "./resumable-session.ts";
import { bucketOf, parseJsonObject, readJsonBody, type StorageRequest } from "./storage-request.ts";
import { commitUpload, planUpload, type UploadPlan } from "./uploaded-object.ts";

const maxFinished = 1000;

/** `objects.insert`: simple, multipart and resumable uploads. Sessions last as long as the process. */
export class UploadMethods {
  readonly #directory: ObjectDirectory;
  readonly #sessions = new Map<string, ResumableSession>();
  readonly #finished = new Map<string, StoredObject>();

  constructor(directory: ObjectDirectory) {
    this.#directory = directory;
  }

  /** Answers a request to the upload path. */
  async insert(request: StorageRequest): Promise<Reply> {
    const { query, verb } = request;
    this.#directory.prepareBucket(bucketOf(request));
    const id = query.get("upload_id");
    if (id !== null) return this.#continue(request, id);
    if (verb !== "POST") throw badRequest("the request has no upload_id");
    if (query.get("uploadType") === "resumable") return this.#begin(request);
    if (query.get("uploadType") === "multipart") return this.#multipart(request);
    if (query.get("uploadType") === "media") return this.#simple(request);
    throw badRequest(`Invalid value for uploadType: ${query.get("uploadType")}`);
  }

  /** Discards all uploads that have not ended. */
  close(): void {
    for (const session of this.#sessions.values()) session.end();
    this.#sessions.clear();
  }

  async #simple(request: StorageRequest): Promise<Reply> {
    const plan = planUpload(request, {}, request.headers["content-type"]);
    return this.#store(request, plan, request.body);
  }

  async #multipart(request: StorageRequest): Promise<Reply> {
    const parts = await readMultipart(request.body, request.headers["content-type"] ?? "");
    const plan = planUpload(request, parseJsonObject(parts.resource), parts.contentType);
    return this.#store(request, plan, parts.content);
  }

  async #store(
    request: StorageRequest,
    plan: UploadPlan,
    content: AsyncIterable<Uint8Array>,
  ): Promise<Reply> {
    const staged = await this.#directory.stage(plan.bucket, { hashed: true });
    try {
      for await (const chunk of content) await staged.write(chunk);
    } catch (error) {
      staged.discard();
      throw error;
    }
    const object = commitUpload(this.#directory, staged, plan);
    return resourceReply(this.#directory, request, object);
  }

  async #begin(request: StorageRequest): Promise<Reply> {
    const resource = await readJsonBody(request);
    const type = request.headers["x-upload-content-type"];
    const plan = planUpload(request, resource, type === undefined ? undefined : String(type));
    const session = new ResumableSession(this.#directory, plan);
    session.checkConditions();
    const id = randomUUID();
    this.#sessions.set(id, session);
    const path = `${request.origin}/upload/storage/v1/b/${encodeURIComponent(plan.bucket)}/o`;
    const query = new URLSearchParams({ uploadType: "resumable", name: plan.name, upload_id: id });
    return emptyReply(200, { location: `${path}?${query.toString()}`, "x-guploader-uploadid": id });
  }

  async #continue(request: StorageRequest, id: string): Promise<Reply> {
    const finished = this.#finished.get(id);
    if (finished !== undefined) return resourceReply(this.#directory, request, finished);
    const session = this.#sessions.get(id);
    if (session === undefined) throw notFound(`the upload session ${id}`);
    if (request.verb === "DELETE") {
      session.end();
      this.#sessions.delete(id);
      // Source: https://cloud.google.com/storage/docs/performing-resumable-uploads#cancel-upload
      return emptyReply(499);
    }
    const state = await session.take(request);
    if ("persisted" in state) return incompleteReply(state, id);
    this.#finish(id, state.object);
    return resourceReply(this.#directory, request, state.object);
  }

  /** Remembers what a session made, for a client that lost the answer and asks again. */
  #finish(id: string, object: StoredObject): void {
    this.#sessions.delete(id);
    this.#finished.set(id, object);
    const [oldest] = this.#finished.keys();
    if (this.#finished.size > maxFinished && oldest !== undefined) this.#finished.delete(oldest);
  }
}

function incompleteReply(
  { persisted }: Extract<SessionState, { persisted: number }>,
  id: string,
): Reply {
  const range = persisted === 0 ? {} : { range: `bytes=0-${persisted - 1}` };
  return emptyReply(308, { ...range, "x-guploader-uploadid": id });
}
