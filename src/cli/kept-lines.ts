import { endWithReader, type Streams } from "./streams.ts";

/**
 * Lines of JSON that must not be lost, since each tells what became of something that is billed. Until
 * it is disposed of, the process outlives the reader of stdout; what that has not taken goes to stderr.
 */
export class KeptLines implements Disposable {
  readonly #streams: Streams;
  readonly #onLost: () => void;
  readonly #written: Promise<void>[] = [];
  #isLost = false;

  /** @param onLost called once, when stdout takes no more. */
  constructor(streams: Streams, onLost: () => void = () => undefined) {
    this.#streams = streams;
    this.#onLost = onLost;
    streams.stdout.off("error", endWithReader).on("error", ignore);
  }

  /** Writes a line, which has no line end yet. */
  write(line: string): void {
    if (this.#isLost) {
      this.#keep(line);
      return;
    }
    const written = new Promise<void>((resolve) => {
      this.#streams.stdout.write(`${line}\n`, (error) => {
        if (error !== null && error !== undefined) this.#keep(line);
        resolve();
      });
    });
    this.#written.push(written);
  }

  /** Whether stdout took every line, once that is known. */
  async areOut(): Promise<boolean> {
    await Promise.all(this.#written);
    return !this.#isLost;
  }

  [Symbol.dispose](): void {
    this.#streams.stdout.off("error", ignore).on("error", endWithReader);
  }

  #keep(line: string): void {
    const { stderr } = this.#streams;
    if (!this.#isLost) {
      this.#isLost = true;
      stderr.write("stdout is closed; what it did not take:\n");
      this.#onLost();
    }
    stderr.write(`${line}\n`);
  }
}

function ignore(): void {}
