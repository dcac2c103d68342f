import type { VNode } from "preact";
import { HelpButton, ThemeButton } from "../shared/tools.tsx";
import { locked, session } from "./api.ts";
import { clock } from "./format.ts";
import { connection, journalError, lostMs } from "./live.ts";
import { route, runsLink, workersLink } from "./route.ts";

const runsMark = {
  runs: "page",
  run: "true",
  chunk: "true",
  workers: "false",
  nowhere: "false",
} as const;

/** What is looked at, and whether it is how things are. */
export function TopBar(): VNode {
  const { view } = route.value;
  return (
    <header class="top">
      <strong class="brand">Vision runs</strong>
      <nav aria-label="Views">
        <a href={runsLink} aria-current={runsMark[view]}>
          Runs
        </a>
        <a href={workersLink} aria-current={view === "workers" ? "page" : "false"}>
          Workers
        </a>
      </nav>
      <span class="note journal" dir="auto" title="The journal">
        {session.value?.journal}
      </span>
      <span class="tools">
        <ConnectionMark />
        <ThemeButton />
        <HelpButton />
      </span>
    </header>
  );
}

function ConnectionMark(): VNode {
  const words = {
    ...{ connecting: "Connecting", live: "Live", lost: "Lost", resting: "Resting" },
    locked: "Another key",
  };
  const { value } = connection;
  return (
    <span class={`connection ${value}`}>
      <span class="dot" />
      {words[value]}
    </span>
  );
}

function LastSeen(): VNode | null {
  if (lostMs.value === 0) return null;
  return <> What you see was so at {clock(lostMs.value)}.</>;
}

/** What keeps the page from showing how things are. */
export function Warnings(): VNode {
  const error = journalError.value;
  return (
    <>
      {connection.value === "lost" && (
        <p class="failure">
          The connection is lost; it is tried again.
          <LastSeen />
        </p>
      )}
      {connection.value === "locked" && (
        <p class="failure">
          {locked.value}
          <LastSeen />
        </p>
      )}
      {error !== undefined && (
        <p class="failure">
          The journal cannot be read, so what you see may be old: <bdi>{error.message}</bdi>
        </p>
      )}
      {session.value?.readOnly === true && (
        <p class="plain-note">Nothing can be changed from here.</p>
      )}
    </>
  );
}
