import type { VNode } from "preact";
import type { EventEntry } from "../../src/dashboard/dashboard-data.ts";
import { clock } from "./format.ts";
import { chunkLink } from "./route.ts";

interface EventListProps {
  readonly events: readonly EventEntry[];
  readonly label: string;
  /** The run whose chunks are linked; absent: they are not named. */
  readonly run?: string;
}

/** What happened, with times. */
export function EventList({ events, label, run }: EventListProps): VNode {
  return (
    <ol class="events" aria-label={label} tabIndex={0}>
      {events.map((event) => (
        <li key={event.id} class={event.isTrouble ? "is-trouble" : ""}>
          <time dateTime={new Date(event.atMs).toISOString()}>{clock(event.atMs)}</time>
          <span class="what">
            {run !== undefined && event.chunk !== undefined && (
              <>
                <a href={chunkLink(run, event.chunk)}>chunk {event.chunk}</a>{" "}
              </>
            )}
            <bdi>{event.text}</bdi>
            {event.worker !== undefined && (
              <>
                {" "}
                <bdi class="note by">{event.worker}</bdi>
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
