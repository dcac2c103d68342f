import type { CostData, ErrorData } from "../../src/dashboard/dashboard-data.ts";

/** A number as people read it. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** So many of something: `1 chunk`, `2 chunks`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** A rate, with more digits where it is small. */
export function rate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 0.1) return String(Number(perSecond.toPrecision(1)));
  return perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));
}

/** A part of a whole in percent, never rounded up to all of it. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((100 * part) / whole)}%`;
}

/** A price, and what of it is not known. */
export function money({ currency, amount, unpriced }: CostData): string {
  const known = `${amount.toFixed(2)} ${currency}`;
  return unpriced.length === 0 ? known : `${known}, without ${unpriced.join(", ")}`;
}

/** A time span in its two largest units. */
export function duration(ms: number): string {
  if (ms > 0 && ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const timeForm = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const dayForm = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** The time of day here. */
export function timeOfDay(ms: number): string {
  return timeForm.format(ms);
}

/** The time of day here, with the day where it is not today. */
export function clock(ms: number): string {
  const day = dayForm.format(ms);
  return day === dayForm.format(Date.now()) ? timeOfDay(ms) : `${day} ${timeOfDay(ms)}`;
}

/** The last part of a name with slashes, which tells it apart. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1) || name;
}

/** What is not reached where nothing can be submitted or read. */
export function unreached(error: ErrorData): string {
  return error.name === "StorageError" ? "The storage" : "The service";
}
