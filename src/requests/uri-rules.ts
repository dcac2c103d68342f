// This room may not import storage/, where gs:// URIs are taken apart for reading and writing; what is
// needed here is only whether the service can take a URI, so the check is small and stands alone.
import type { ProblemLog } from "./problem-log.ts";

const scheme = "gs://";
/** Line breaks are not allowed in object names; a lone surrogate would be sent as another character. */
const lineBreak = /[\r\n]/;
/** Bytes of an object name. Source: https://cloud.google.com/storage/docs/objects#naming */
const maxNameBytes = 1024;

/** Checks that a URI names one object: `gs://bucket/object`. */
export function checkObjectUri(uri: string, log: ProblemLog): void {
  const slash = checkBucket(uri, log);
  if (slash === undefined) return;
  if (slash + 1 >= uri.length) log.add(uri, "expected gs://bucket/object, but it names no object");
  else checkName(uri, slash + 1, log);
}

/** Checks an output prefix: `gs://bucket/` and whatever the names of the shards shall begin with. */
export function checkOutputPrefix(uri: string, log: ProblemLog): void {
  const slash = checkBucket(uri, log);
  if (slash !== undefined) checkName(uri, slash + 1, log);
}

/** Checks a source of a request that is answered at once: `gs://bucket/object` or an http(s) URL. */
export function checkAnySource(uri: string, log: ProblemLog): void {
  if (uri.startsWith(scheme)) checkObjectUri(uri, log);
  else if (!/^https?:\/\//i.test(uri) || !URL.canParse(uri)) {
    log.add(uri, "expected gs://bucket/object or an http(s) URL");
  }
}

/** The index of the slash after the bucket, or undefined where the problem is in what stands before it. */
function checkBucket(uri: string, log: ProblemLog): number | undefined {
  if (!uri.startsWith(scheme)) {
    log.add(uri, "expected a Cloud Storage URI, gs://bucket/...");
    return undefined;
  }
  const slash = uri.indexOf("/", scheme.length);
  if (slash === -1) {
    log.add(uri, "expected a slash after the bucket, gs://bucket/...");
    return undefined;
  }
  if (!isBucketName(uri, scheme.length, slash)) {
    log.add(uri, `${JSON.stringify(uri.slice(scheme.length, slash))} is not a bucket name`);
    return undefined;
  }
  return slash;
}

/** By character code, since this runs for every image. Source of the rules: https://cloud.google.com/storage/docs/buckets#naming */
function isBucketName(uri: string, start: number, end: number): boolean {
  if (end - start < 3 || end - start > 222) return false;
  if (!isAlphanumeric(uri.charCodeAt(start)) || !isAlphanumeric(uri.charCodeAt(end - 1))) {
    return false;
  }
  for (let index = start + 1; index < end - 1; index++) {
    const code = uri.charCodeAt(index);
    const joins = code === 0x2d || code === 0x2e || code === 0x5f; // - . _
    if (!joins && !isAlphanumeric(code)) return false;
  }
  return true;
}

function isAlphanumeric(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

function checkName(uri: string, start: number, log: ProblemLog): void {
  if (lineBreak.test(uri) || !uri.isWellFormed())
    log.add(uri, "has a line break or half a character in its name");
  const mayBeLong = (uri.length - start) * 3 > maxNameBytes;
  if (mayBeLong && Buffer.byteLength(uri.slice(start)) > maxNameBytes) {
    log.add(uri, `has a name of more than ${maxNameBytes} bytes`);
  }
}
