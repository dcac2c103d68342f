import type { ApiVersion } from "../protocol/api-version.ts";
import { featureNumbers, featuresOfVersion } from "../protocol/features.ts";
import { nearestName } from "./nearest-name.ts";
import type { ProblemLog } from "./problem-log.ts";
import {
  field,
  int32,
  kindOf,
  list,
  literalMessage,
  numeric,
  remember,
  required,
  text,
  type Rule,
} from "./rules.ts";

/** The features of an image or file: at least one, by name or number, each known to the version. */
export function features(version: ApiVersion): Rule {
  const type = field(
    "type",
    required(featureType(version), "the name of a feature, e.g. TEXT_DETECTION"),
  );
  const feature = literalMessage((value, log) => ({
    type: type(value["type"], log),
    maxResults: maxResults(value["maxResults"], log),
    model: model(value["model"], log),
  }));
  const items = list(feature, (found, log) => {
    if (found.length === 0) log.add(found, "name at least one feature");
  });
  return remember(items);
}

const maxResults = field("maxResults", numeric({ ...int32, min: 0 }));
const model = field("model", text());

function featureType(version: ApiVersion): Rule {
  const names = featuresOfVersion[version];
  const numbers = new Map<unknown, number>();
  for (const name of names) {
    numbers.set(name, featureNumbers[name]);
    numbers.set(featureNumbers[name], featureNumbers[name]);
  }
  return (value, log) => {
    const number = numbers.get(value);
    if (number === undefined) refuse(value, version, log);
    return number;
  };
}

function refuse(value: unknown, version: ApiVersion, log: ProblemLog): void {
  const names = featuresOfVersion[version];
  if (value === 0 || value === "TYPE_UNSPECIFIED") {
    log.add(value, `names no feature; expected one of ${names.join(", ")}`);
  } else if (typeof value === "string") {
    const elsewhere = Object.hasOwn(featureNumbers, value);
    const nearest = elsewhere ? undefined : nearestName(value, names);
    const hint =
      nearest === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${nearest}?`;
    log.add(value, `is not a feature of ${version}; ${hint}`);
  } else if (typeof value === "number") {
    log.add(value, `is not the number of a feature of ${version}`);
  } else {
    log.add(value, `expected the name or number of a feature, got ${kindOf(value)}`);
  }
}
