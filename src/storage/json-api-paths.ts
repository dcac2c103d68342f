import { parseGsUri, parseObjectUri } from "./gs-uri.ts";

/** Where the JSON API has an object, resource and content. */
export function objectPath(uri: string): string {
  return `${listPath(uri)}/${encodeURIComponent(parseObjectUri(uri).name)}`;
}

/** Where the JSON API lists the objects of the bucket of a URI. */
export function listPath(uri: string): string {
  return `/storage/v1/b/${encodeURIComponent(parseGsUri(uri).bucket)}/o`;
}

/** Where the JSON API takes uploads to the bucket of a URI. */
export function uploadPath(uri: string): string {
  return `/upload${listPath(uri)}`;
}
