import { useState } from "preact/hooks";
import type { ActionAnswer } from "../../src/dashboard/dashboard-data.ts";
import { announce } from "./announce.tsx";

/** What became of something that a person has asked for. */
export interface ActionOutcome {
  readonly text: string;
  readonly isRefused: boolean;
}

/** Something that is done at a time, and what became of the last one. */
export interface Action {
  readonly isBusy: boolean;
  readonly outcome: ActionOutcome | undefined;
  readonly start: (request: () => Promise<ActionAnswer>) => void;
}

/** Does one thing after another, and says what became of each. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<ActionOutcome | undefined>(undefined);
  const tell = (text: string, isRefused: boolean): void => {
    setBusy(false);
    setOutcome({ text, isRefused });
    announce(text);
  };
  const start = (request: () => Promise<ActionAnswer>): void => {
    if (isBusy) return;
    setBusy(true);
    request().then(
      ({ note }) => tell(note, false),
      (error: unknown) => tell(error instanceof Error ? error.message : String(error), true),
    );
  };
  return { isBusy, outcome, start };
}
