import { locations } from "../protocol/limits.ts";
import { isRecord, kindOf, text, type Rule } from "./rules.ts";

/** `projects/P` or `projects/P/locations/L`. */
export const parent: Rule = text((value, log) => {
  const [projects, project, places, location, ...rest] = value.split("/");
  const hasLocation = places !== undefined;
  const isForm =
    projects === "projects" &&
    project !== undefined &&
    /^[\w.:-]+$/.test(project) &&
    (!hasLocation || (places === "locations" && location !== undefined)) &&
    rest.length === 0;
  if (!isForm) log.add(value, "expected projects/P or projects/P/locations/L");
  else if (hasLocation && !(locations as readonly string[]).includes(location ?? "")) {
    log.add(value, `is in no location of the service; it has ${locations.join(", ")}`);
  }
});

/** Source of these rules: comment of `labels` in image_annotator.proto and https://cloud.google.com/resource-manager/docs/labels-overview */
const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const maxLabels = 64;

/** Labels of a request. */
export const labels: Rule = (value, log) => {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    log.add(value, `expected an object of strings, got ${kindOf(value)}`);
    return {};
  }
  const entries = Object.entries(value);
  if (entries.length > maxLabels) log.add(value, `has more than ${maxLabels} labels`);
  for (const [key, label] of entries) {
    if (!labelKey.test(key)) {
      log.addAt(
        key,
        label,
        "a key is at most 63 lowercase letters, digits, _ and -, a letter first",
      );
    }
    if (typeof label !== "string" || !labelValue.test(label)) {
      log.addAt(key, label, "a value is a string of at most 63 lowercase letters, digits, _ and -");
    }
  }
  return { ...value };
};
