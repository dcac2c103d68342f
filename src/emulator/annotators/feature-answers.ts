import { codeNumbers } from "../../errors/index.ts";
import { isComputed, selectFeatures, type Feature } from "./feature-fields.ts";
import type { RecordedResponses, RecordingKey } from "./recorded-responses.ts";
import type { AnnotateImageResponseJson, StatusJson } from "./response-json.ts";

/** The recorded responses and what they stand in for. */
export interface Recordings {
  readonly responses: RecordedResponses | undefined;
  /** `missing`: the features that are not worked out from the pixels; `all`: every feature. */
  readonly standFor: "missing" | "all";
}

/** An image or a page: what recordings of it are found by, and how to work features out from its pixels. */
export interface Subject extends RecordingKey {
  readonly compute: (features: readonly Feature[]) => Promise<AnnotateImageResponseJson>;
}

/**
 * Answers the asked features from the pixels and from the recording. A recording is the whole
 * answer for what it stands for: a field that it lacks was not found. Where none is found, `error`
 * names the features.
 */
export async function answerFeatures(
  recordings: Recordings,
  subject: Subject,
  features: readonly Feature[],
): Promise<AnnotateImageResponseJson> {
  const all = recordings.standFor === "all";
  const computed = all ? [] : features.filter(isComputed);
  const others = all ? features : features.filter((feature) => !isComputed(feature));
  const recording = recordings.responses?.find(subject);
  const fromPixels = computed.length === 0 ? {} : await subject.compute(computed);
  if (recording !== undefined) return { ...selectFeatures(recording, others), ...fromPixels };
  if (others.length === 0) return fromPixels;
  return { error: notRecorded(recordings.responses, subject, others), ...fromPixels };
}

function notRecorded(
  responses: RecordedResponses | undefined,
  { sha256, pageNumber }: Subject,
  features: readonly Feature[],
): StatusJson {
  const names = features.map(({ type }) => type).join(", ");
  const page = pageNumber === undefined ? "" : `-page-${pageNumber}`;
  const where =
    responses === undefined
      ? "start it with a folder of recorded responses"
      : `put one into ${responses.directory}`;
  return {
    code: codeNumbers.UNIMPLEMENTED,
    message:
      `The emulator answers ${names} from recorded responses and has none for this image: ${where}, ` +
      `as ${sha256()}${page}.json or by a URI pattern in index.json.`,
  };
}
