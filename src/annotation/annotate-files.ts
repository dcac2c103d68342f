import { InvalidRequestError, SubmitError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { fileMimeTypes } from "../protocol/limits.ts";
import type { AnnotatedRecord, AnnotateFilesOptions, FileInput } from "./annotate-options.ts";
import { createJob, inputError, responsesOf, type Job } from "./annotation-job.ts";
import type { Annotating } from "./annotation-port.ts";
import {
  answeredRecords,
  failedRecords,
  furtherPages,
  type AskedPages,
  type FileAnswer,
} from "./file-records.ts";
import { typeOfContent, typeOfName } from "./file-type.ts";
import { numberInputs, toParts, type NumberedInput } from "./input-list.ts";
import { checkPages, chunkPages } from "./page-numbers.ts";
import { readSource, type ReadSource } from "./read-source.ts";
import type { OneRequest } from "./request-maker.ts";
import { unsentRecord, type RecordPlace } from "./response-records.ts";
import { runInOrder, type Outcome } from "./run-in-order.ts";

/** A file that was read. */
interface ReadFile<Input> {
  readonly place: RecordPlace<Input>;
  /** The pages to annotate; undefined for all. */
  readonly pages?: readonly number[] | undefined;
  /** What is sent of it, or why it is not sent. */
  readonly content: { readonly request: OneRequest } | { readonly problem: Error };
}

/** What one request asks for. */
type PageRange<Input> = AskedPages<Input> & Pick<ReadFile<Input>, "content">;

const sampleFile: OneRequest = {
  inputConfig: { gcsSource: { uri: "gs://bucket/object" }, mimeType: "application/pdf" },
};

/**
 * Annotates any number of files, a few pages a request: the first answer tells how many pages a file
 * has. One record a page, in the order of the files and their pages.
 */
export async function* annotateFiles<V extends ApiVersion, Input extends FileInput<V>>(
  { port, left }: Annotating,
  inputs: AsyncIterable<Input> | Iterable<Input>,
  options: AnnotateFilesOptions<V>,
): AsyncGenerator<AnnotatedRecord<V, Input>, void, undefined> {
  const { pages, ...rest } = options;
  const shared = checkPages("options.pages", pages);
  const parts = { port, left, what: "annotateFiles", method: "batchAnnotateFiles" } as const;
  const job = await createJob({ ...parts, sample: sampleFile }, rest);
  const { concurrency, scope } = job;
  const files = runInOrder(numberInputs(inputs, scope.signal), {
    concurrency,
    scope,
    run: async (input) => ({ result: await readFile(job, input, shared) }),
  });
  const answers = runInOrder(pageRanges(files), {
    concurrency,
    scope,
    run: (range) => annotateRange<V, Input>(job, range),
  });
  for await (const records of answers) yield* records;
}

async function readFile<Input>(
  { maker, shared, scope: { signal } }: Job,
  { input, index }: NumberedInput<Input>,
  sharedPages: readonly number[] | undefined,
): Promise<ReadFile<Input>> {
  const name = `inputs[${index}]`;
  const { source, own } = toParts(input);
  const { mimeType, pages, ...further } = own;
  const place = { index, input, uri: source.uri };
  try {
    const read = await readSource(source, { name, signal });
    const inputConfig = inputConfigOf(name, read, mimeType);
    const { request } = maker.size(name, { ...shared, ...further, inputConfig });
    return {
      place,
      pages: checkPages(`${name}.pages`, pages) ?? sharedPages,
      content: { request },
    };
  } catch (error) {
    signal.throwIfAborted();
    return { place, content: { problem: inputError(error) } };
  }
}

function inputConfigOf(field: string, { uri, content }: ReadSource, given: unknown): object {
  const found = (content && typeOfContent(content)) ?? typeOfName(uri);
  const mimeType = given ?? found;
  if (mimeType === undefined) {
    const message = `is none of ${fileMimeTypes.join(", ")} by its ${content ? "content" : "name"}; if it is, say so by mimeType`;
    throw new InvalidRequestError("the input", [{ field, value: uri, message }]);
  }
  return content === undefined ? { gcsSource: { uri }, mimeType } : { content, mimeType };
}

async function* pageRanges<Input>(
  files: AsyncIterable<ReadFile<Input>>,
): AsyncGenerator<PageRange<Input>, void, undefined> {
  for await (const { place, content, pages } of files) {
    const chunks = pages === undefined ? [[]] : chunkPages(pages);
    for (const chunk of chunks) yield { place, content, pages: chunk };
  }
}

async function annotateRange<V extends ApiVersion, Input>(
  { maker, send }: Job,
  range: PageRange<Input>,
): Promise<Outcome<PageRange<Input>, readonly AnnotatedRecord<V, Input>[]>> {
  const { place, content, pages } = range;
  if ("problem" in content) return { result: [unsentRecord(place, content.problem)] };
  const answer = await send([{ ...content.request, pages }]);
  if (answer instanceof SubmitError) return { result: failedRecords(range, answer) };
  const [response] = responsesOf(answer) as readonly FileAnswer[];
  const result = answeredRecords<V, Input>(maker, range, response);
  if (pages.length > 0 || response === undefined) return { result };
  return { result, further: furtherRanges(range, response) };
}

function* furtherRanges<Input>(
  range: PageRange<Input>,
  answer: FileAnswer,
): Generator<PageRange<Input>, void, undefined> {
  for (const pages of furtherPages(answer)) yield { ...range, pages };
}
