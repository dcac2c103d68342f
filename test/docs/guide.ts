import type { TestEmulator, TestEmulatorOptions } from "../fixtures/emulator.ts";

/** A text that is to be found, or a pattern where it differs from time to time. */
export type Text = string | RegExp;

/** What a block does when it is run. */
export interface Runs {
  /** The heading above the block. */
  readonly under: string;
  /** All lines of stdout, in their order; none for a block that prints nothing. */
  readonly prints?: readonly Text[];
  /** What is among stdout, where it is not always the same or too much. */
  readonly contains?: readonly Text[];
  /** What is among stderr. */
  readonly tells?: readonly Text[];
  /** What is in files of the working folder afterwards. */
  readonly writes?: Readonly<Record<string, readonly Text[]>>;
  /** The exit code of a `sh` block. Default: 0. */
  readonly exitCode?: number;
}

/** A `sh` block that goes on until it is interrupted, which it is after the last block. */
export interface StaysUp {
  readonly under: string;
  /** What it says once the next block may run. */
  readonly staysUp: RegExp;
  /** Its exit code after SIGINT. Default: 0. */
  readonly exitCode?: number;
}

/** A block that is not run; the `vision-batch` commands in it are still parsed. */
export interface NotRun {
  readonly under: string;
  /** Why it cannot be. */
  readonly notRun: string;
}

/** A block that another test runs. */
export interface CheckedBy {
  readonly under: string;
  /** The file of that test, which names the document. */
  readonly checkedBy: string;
}

export type Expectation = Runs | StaysUp | NotRun | CheckedBy;

/** Where the blocks of a guide run. */
export interface GuidePlace {
  readonly emulator: TestEmulator;
  /** The working folder of its blocks. */
  readonly folder: string;
  /** Calls this when all blocks have ended. */
  readonly onEnd: (end: () => Promise<void>) => void;
}

/**
 * What the blocks of a document are expected to do: the default export of
 * `expected/<name of the document, in lower case>.ts`.
 *
 * Blocks of `ts` and `sh` run in their order, those of `ts` in one process, in one working folder,
 * against one emulator, so that a block finds what those before it wrote. There is an expectation for
 * each of them, in their order.
 */
export interface Guide {
  /**
   * Options of the emulator. By default every image, and every page, is answered by a recorded
   * response with the text "total 42".
   */
  readonly emulator?: TestEmulatorOptions;
  /** Files that are there before: `gs://` objects, and paths from the working folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Does what else is needed before; gives more variables of the environment. */
  readonly prepare?: (place: GuidePlace) => Promise<Readonly<Record<string, string>>>;
  readonly blocks: readonly Expectation[];
}
