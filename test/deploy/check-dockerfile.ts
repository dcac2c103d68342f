import { validate } from "dockerfile-utils";

const severity = 2;
const strict = {
  ...{ deprecatedMaintainer: severity, directiveCasing: severity, emptyContinuationLine: severity },
  ...{ instructionCasing: severity, instructionCmdMultiple: severity },
  ...{ instructionEntrypointMultiple: severity, instructionHealthcheckMultiple: severity },
  ...{ instructionJSONInSingleQuotes: severity, instructionWorkdirRelative: severity },
};

/** What a Dockerfile must fit. */
export interface ImageFacts {
  /** The Node that the package is made with, e.g. `24.1.0`. */
  readonly node: string;
  /** The program, below the package. */
  readonly program: string;
  /** The files beside the Dockerfile, and what is made there by its README. */
  readonly files: readonly string[];
}

interface Instruction {
  readonly name: string;
  readonly words: string;
}

/** What is wrong with the Dockerfile of a worker, a line each. */
export function checkDockerfile(text: string, facts: ImageFacts): readonly string[] {
  const linted = validate(text, strict).map(
    ({ message, range }) =>
      `line ${range.start.line + 1}: ${typeof message === "string" ? message : message.value}`,
  );
  const instructions = readInstructions(text);
  return [
    ...linted,
    ...stageProblems(instructions, facts),
    ...copyProblems(instructions, facts),
    ...finalProblems(finalStage(instructions), facts),
    ...secretProblems(instructions),
  ];
}

/** The user that the image runs as. */
export function userOf(text: string): string | undefined {
  return last(readInstructions(text), "USER");
}

function readInstructions(text: string): readonly Instruction[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n/g, " ")
    .split("\n");
  return lines.flatMap((line) => {
    const [, name, words] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    return name === undefined || words === undefined ? [] : [{ name, words }];
  });
}

function finalStage(instructions: readonly Instruction[]): readonly Instruction[] {
  return instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
}

function last(instructions: readonly Instruction[], wanted: string): string | undefined {
  return instructions.findLast(({ name }) => name === wanted)?.words;
}

function stageProblems(instructions: readonly Instruction[], { node }: ImageFacts): string[] {
  const bases = instructions.filter(({ name }) => name === "FROM").map(({ words }) => words);
  const [major] = node.split(".");
  const wanted = new RegExp(`^node:${major}(\\.[\\d.]+)?-slim\\b`);
  const problems = bases
    .filter((base) => !wanted.test(base))
    .map((base) => `${base} is not the slim image of Node ${major}`);
  if (bases.length < 2) problems.push("what installs packages stands in no stage of its own");
  const installs = instructions.filter(
    ({ name, words }) => name === "RUN" && /\bnpm (ci|i|install)\b/.test(words),
  );
  const isLocked = installs.every(({ words }) => /\bnpm ci\b.*--omit=dev/.test(words));
  if (installs.length === 0 || !isLocked) problems.push("packages are not those of the lock file");
  return problems;
}

function copyProblems(instructions: readonly Instruction[], { files }: ImageFacts): string[] {
  return instructions
    .filter(({ name, words }) => ["COPY", "ADD"].includes(name) && !words.startsWith("--from="))
    .flatMap(({ words }) => words.split(/\s+/).slice(0, -1))
    .filter((source) => !files.includes(source))
    .map((source) => `${source} is copied, and is none of the files that belong in the image`);
}

function finalProblems(stage: readonly Instruction[], { program }: ImageFacts): string[] {
  const problems: string[] = [];
  const user = last(stage, "USER") ?? "root";
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user)) problems.push(`it runs as ${user}, not as a number`);
  if (stage.some(({ name }) => name === "RUN")) problems.push("the last stage runs commands");
  const wanted = ["node", `node_modules/vision-batch/${program}`, "worker"];
  const entry = last(stage, "ENTRYPOINT") ?? "";
  if (!isJson(entry, wanted)) problems.push(`SIGTERM reaches no worker through ${entry}`);
  return problems;
}

function isJson(text: string, wanted: readonly string[]): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(wanted);
  } catch {
    return false;
  }
}

function secretProblems(instructions: readonly Instruction[]): string[] {
  return instructions
    .filter(({ name }) => name === "ENV" || name === "ARG")
    .filter(({ words }) => /password|secret|token|key|credential|journal|_URL|:\/\//i.test(words))
    .map(({ name, words }) => `${name} ${words} stays in the image for everyone to read`);
}
