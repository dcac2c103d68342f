import { exitCodes } from "./exit-codes.ts";

/** What to do with running operations when the user interrupts. */
export type InterruptChoice = "leave" | "cancel" | "goOn";

/** What {@link watchInterrupts} calls. */
export interface InterruptHandlers {
  /** Decides after the first interrupt; it may ask. */
  readonly choose: () => Promise<InterruptChoice>;
  readonly onChoice: (choice: Exclude<InterruptChoice, "goOn">) => void;
  /** A further interrupt: ends the process at once. */
  readonly leaveNow: () => void;
}

/** Where signals come from: the process. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

const signals = ["SIGINT", "SIGTERM"] as const;

/**
 * Handles Ctrl-C and SIGTERM until it is disposed of: the first is decided on by `choose`, a second
 * one ends the process at once, unless the first was answered with going on.
 */
export function watchInterrupts(
  handlers: InterruptHandlers,
  source: SignalSource = process,
): Disposable {
  let interrupted = false;
  const decide = async (): Promise<void> => {
    const choice = await handlers.choose();
    if (choice === "goOn") interrupted = false;
    else handlers.onChoice(choice);
  };
  const onSignal = (): void => {
    if (interrupted) {
      handlers.leaveNow();
      return;
    }
    interrupted = true;
    // A question that cannot be asked must not leave the user without a way out.
    decide().catch(() => {
      handlers.onChoice("leave");
    });
  };
  for (const signal of signals) source.on(signal, onSignal);
  return {
    [Symbol.dispose]: () => {
      for (const signal of signals) source.off(signal, onSignal);
    },
  };
}

/** Tells that the user wants to leave, until it is disposed of. */
export interface Leaving extends Disposable {
  /** Aborts at the first interrupt; a second one ends the process at once. */
  readonly signal: AbortSignal;
}

/** For a command that leaves nothing behind that goes on. */
export function leaveOnInterrupt(): Leaving {
  const left = new AbortController();
  const watching = watchInterrupts({
    choose: () => Promise.resolve("leave"),
    onChoice: () => {
      left.abort(new Error("interrupted"));
    },
    leaveNow: () => process.exit(exitCodes.interrupted),
  });
  return {
    signal: left.signal,
    [Symbol.dispose]: () => {
      watching[Symbol.dispose]();
    },
  };
}
