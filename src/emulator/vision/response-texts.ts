import type { Annotator, AnnotateImageResponseJson, Feature } from "../annotators/annotator.ts";

/** The JSON of responses without their last brace, so that `context` can be appended as text. */
export class ResponseTexts {
  readonly #recorded = new WeakMap<AnnotateImageResponseJson, Map<string, string>>();

  /** The text of a response with its context. */
  withContext(response: AnnotateImageResponseJson, context: object): string {
    return close(openText(response), context);
  }

  /** The text for an image that a recording answers; each recording is written as JSON once for each set of features. */
  recorded(annotator: Annotator, uri: string, features: readonly Feature[]): string | undefined {
    const recording = annotator.recordedFor(uri);
    if (recording === undefined) return undefined;
    const texts = this.#recorded.get(recording) ?? new Map<string, string>();
    this.#recorded.set(recording, texts);
    const key = featuresKey(features);
    let text = texts.get(key);
    if (text === undefined) {
      text = openText(annotator.recordedFor(uri, features) ?? recording);
      texts.set(key, text);
    }
    return close(text, { uri });
  }
}

function openText(response: AnnotateImageResponseJson): string {
  const { context: _context, ...annotations } = response;
  return JSON.stringify(annotations).slice(0, -1);
}

function close(text: string, context: object): string {
  return `${text}${text === "{" ? "" : ","}"context":${JSON.stringify(context)}}`;
}

function featuresKey(features: readonly Feature[]): string {
  return features.map(({ type, maxResults = 0 }) => `${type}:${maxResults}`).join();
}
