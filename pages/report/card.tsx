import type { VNode } from "preact";
import type { ReportItem } from "../../src/report/report-data.ts";
import { StatusBadge } from "../shared/status-badge.tsx";
import { Overlay } from "./overlay.tsx";
import { index, itemAt, nameOf, shortName, summary } from "./report-store.ts";
import { active, opened } from "./view-state.ts";

/** The place of a card and the room for its picture. */
export interface CardProps {
  readonly place: number;
  /** Its place among those that match. */
  readonly position: number;
  readonly width: number;
  readonly height: number;
}

/** An item in the list. */
export function Card({ place, position, width, height }: CardProps): VNode {
  const item = itemAt(place);
  const uri = index.uris[place] ?? "";
  const page = index.pages[place] ?? 0;
  const status = summary.statuses[index.statuses[place] ?? 0] ?? "missing";
  const known = item === undefined ? uri : nameOf(item);
  const name = page > 0 ? `${shortName(known)}, page ${page}` : shortName(known);
  return (
    <button
      type="button"
      class="card"
      data-position={position}
      tabIndex={active.value === position ? 0 : -1}
      onClick={() => {
        active.value = position;
        opened.value = position;
      }}
      onFocus={() => {
        active.value = position;
      }}
    >
      <span class="frame" style={{ height: `${height}px` }}>
        {item === undefined ? (
          <span class="waiting" />
        ) : (
          <Picture item={item} width={width} height={height} />
        )}
      </span>
      <span class="caption">
        <span class="name" dir="auto" title={known}>
          {name}
        </span>
        <span class="line">
          <StatusBadge status={status} />
          <span class="brief" dir="auto">
            {item === undefined ? "" : briefOf(item)}
          </span>
        </span>
      </span>
    </button>
  );
}

/** A picture with its boxes, as large as the room for it allows. */
export function Picture(props: {
  readonly item: ReportItem;
  readonly width: number;
  readonly height: number;
}): VNode {
  const { item, width, height } = props;
  const size = fit(item, width, height);
  return (
    <span class="picture" style={{ width: `${size.width}px`, height: `${size.height}px` }}>
      {item.thumbnail === undefined ? (
        <Blank hasBoxes={item.text !== undefined || item.regions !== undefined} />
      ) : (
        <img src={item.thumbnail} alt="" decoding="async" />
      )}
      <Overlay item={item} isSmall />
    </span>
  );
}

/** What stands in the place of a picture that is not there. */
function Blank({ hasBoxes }: { readonly hasBoxes: boolean }): VNode {
  return hasBoxes ? (
    <span class="blank" />
  ) : (
    <span class="blank none">
      <span class="blank-note">no picture</span>
    </span>
  );
}

/** The size of an item within a room; where it is not known, that of a sheet. */
export function fit(
  { width, height }: Pick<ReportItem, "width" | "height">,
  roomWidth: number,
  roomHeight: number,
): { readonly width: number; readonly height: number } {
  const ratio = width > 0 && height > 0 ? Math.min(50, Math.max(0.02, width / height)) : 4 / 3;
  const fitted = Math.min(roomWidth, roomHeight * ratio);
  return { width: Math.round(fitted), height: Math.round(fitted / ratio) };
}

/** What there is to say of an item in a line. */
function briefOf({ error, labels, regions, text, web, colors, safeSearch }: ReportItem): string {
  if (error !== undefined) return error.message || error.code;
  const names = labels ?? regions?.filter(({ name }) => name !== "") ?? web ?? [];
  if (names.length > 0 && text === undefined) {
    return names
      .slice(0, 4)
      .map(({ name }) => name)
      .join(", ");
  }
  if (text !== undefined) return text.text.slice(0, 120).replaceAll("\n", " ");
  const others = [regions && "boxes", colors && "colors", safeSearch && "safe search"];
  return others.filter((other) => other !== undefined).join(", ");
}
