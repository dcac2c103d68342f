import type { IncomingMessage, ServerResponse } from "node:http";

import { bucketNameProblem } from "../../storage/gs-uri.ts";
import { ObjectDirectory } from "../../storage/object-directory.ts";
import { pathOf, queryOf } from "../request-url.ts";
import { ApiError, notFound, toApiError } from "./api-error.ts";
import {
  changeBucket,
  deleteBucket,
  getBucket,
  insertBucket,
  listBuckets,
} from "./bucket-methods.ts";
import { composeObject, copyObject, moveObject, rewriteObject } from "./copy-methods.ts";
import { exchange } from "./faulty-exchange.ts";
import { ListingMemory } from "./listing-memory.ts";
import { getMedia } from "./media-download.ts";
import { changeObject, deleteObject, getObject, listObjects } from "./object-methods.ts";
import { errorReply, type Reply } from "./reply.ts";
import { findRoute, type Route, type StorageMethod } from "./routes.ts";
import type { StorageCall, StorageIntercept } from "./storage-fault.ts";
import type { StorageRequest } from "./storage-request.ts";
import { UploadMethods } from "./upload-methods.ts";

/** Options of {@link createStorageHandler}. */
export interface StorageHandlerOptions {
  /** The folder of the buckets, or an {@link ObjectDirectory} to share with an object store. */
  readonly root: string | ObjectDirectory;
  /** Makes a bucket when something is first written to it. Default true; else such a write is answered with 404. Of no effect where `root` is a directory already opened. */
  readonly createBuckets?: boolean | undefined;
  /** Decides which fault a call meets. Default: none. */
  readonly intercept?: StorageIntercept | undefined;
}

/** The Cloud Storage JSON API as a part of an HTTP server. */
export interface StorageHandler {
  /** Whether a request to this URL (path and query) is one for the storage service. */
  handles(url: string): boolean;
  /** Answers a request; never rejects. */
  handle(incoming: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Discards unfinished uploads and listings. */
  close(): Promise<void>;
}

/**
 * Serves the Cloud Storage JSON API over a directory of buckets: metadata at `/storage/v1` and at
 * `/b`, uploads at `/upload/storage/v1`, downloads at `/download/storage/v1`, and `/<bucket>/<object>`
 * for buckets that exist.
 */
export function createStorageHandler(options: StorageHandlerOptions): StorageHandler {
  const { root, createBuckets, intercept } = options;
  const directory = typeof root === "string" ? new ObjectDirectory(root, { createBuckets }) : root;
  const listings = new ListingMemory(directory);
  const uploads = new UploadMethods(directory);
  const services: Services = { directory, listings, uploads };
  const routeOf = (url: string): Route | undefined =>
    findRoute(pathOf(url), (name) => isPublicBucket(directory, name));
  return {
    handles: (url) => routeOf(url) !== undefined,
    handle: async (incoming, response) => {
      const route = routeOf(incoming.url ?? "");
      // A write that a client's leaving overtakes would else end the process.
      response.on("error", () => undefined);
      try {
        await answer(services, { incoming, response, route, intercept });
      } catch {
        // The connection broke, or an answer that had begun cannot be ended well.
        response.destroy();
      }
    },
    close: async () => {
      uploads.close();
      await listings.close();
    },
  };
}

interface Services {
  readonly directory: ObjectDirectory;
  readonly listings: ListingMemory;
  readonly uploads: UploadMethods;
}

async function answer(
  services: Services,
  to: {
    readonly incoming: IncomingMessage;
    readonly response: ServerResponse;
    readonly route: Route | undefined;
    readonly intercept: StorageIntercept | undefined;
  },
): Promise<void> {
  const { incoming, response, route } = to;
  const method = route?.verbs[incoming.method ?? ""];
  const isCall = route !== undefined && method !== undefined;
  const fault = isCall ? await to.intercept?.(callOf(route, method, incoming)) : undefined;
  await exchange({
    incoming,
    response,
    fault: fault ?? {},
    isUpload: method === "objects.insert",
    run: async (body) => {
      try {
        if (!isCall) throw noSuchMethod(incoming, route);
        return await dispatch(services, method, toRequest(incoming, route, body));
      } catch (error) {
        return errorReply(toApiError(error));
      }
    },
  });
}

async function dispatch(
  { directory, listings, uploads }: Services,
  method: StorageMethod,
  request: StorageRequest,
): Promise<Reply> {
  switch (method) {
    case "buckets.delete":
      return deleteBucket(directory, request);
    case "buckets.get":
      return getBucket(directory, request);
    case "buckets.insert":
      return insertBucket(directory, request);
    case "buckets.list":
      return listBuckets(directory, request);
    case "buckets.patch":
      return changeBucket(directory, request, "patch");
    case "buckets.update":
      return changeBucket(directory, request, "update");
    case "objects.compose":
      return composeObject(directory, request);
    case "objects.copy":
      return copyObject(directory, request);
    case "objects.delete":
      return deleteObject(directory, request);
    case "objects.get":
      return isMedia(request) ? getMedia(directory, request) : getObject(directory, request);
    case "objects.insert":
      return uploads.insert(request);
    case "objects.list":
      return listObjects(directory, listings, request);
    case "objects.move":
      return moveObject(directory, request);
    case "objects.patch":
      return changeObject(directory, request, "patch");
    case "objects.rewrite":
      return rewriteObject(directory, request);
    case "objects.update":
      return changeObject(directory, request, "update");
  }
}

function toRequest(
  incoming: IncomingMessage,
  route: Route,
  body: AsyncIterable<Uint8Array>,
): StorageRequest {
  const { headers, method: verb = "GET" } = incoming;
  const query = queryOf(incoming.url);
  return { verb, route, query, headers, body, origin: `http://${headers.host ?? "localhost"}` };
}

function noSuchMethod({ method, url }: IncomingMessage, route: Route | undefined): ApiError {
  if (route === undefined) return notFound(url ?? "");
  const isKnown = Object.keys(route.verbs).length > 0;
  return new ApiError(isKnown ? 405 : 501, `${method} ${url} is not emulated`);
}

function isMedia({ route, query }: StorageRequest): boolean {
  return route.isContent || query.get("alt") === "media";
}

function callOf(route: Route, method: StorageMethod, incoming: IncomingMessage): StorageCall {
  const object = route.object ?? queryOf(incoming.url).get("name") ?? undefined;
  return {
    service: "storage",
    method,
    ...(route.bucket === undefined ? {} : { bucket: route.bucket }),
    ...(object === undefined ? {} : { object }),
  };
}

function isPublicBucket(directory: ObjectDirectory, name: string): boolean {
  return bucketNameProblem(name) === undefined && directory.buckets.has(name);
}
