import type { JsonObject } from "../../../src/protocol/json-codec.ts";
import { orderedImages } from "../ordered-images.ts";
import type { Probe } from "../probe.ts";

/** What an operation tells on its way. */
export const operationMetadata: Probe = {
  key: "operation-metadata",
  question:
    "Which states does the metadata go through, how fine are its times, and does the response repeat the output prefix?",
  units: 0,
  shared: orderedImages,
  run: async (context) => {
    const { looks, operation, prefix, end } = await context.share(orderedImages);
    const states = looks.map(({ metadata: { state } }) =>
      typeof state === "string" ? state : "none",
    );
    const path = states.filter((state, index) => state !== states[index - 1]);
    const digits = Math.max(0, ...looks.flatMap(({ metadata }) => timesOf(metadata)).map(digitsOf));
    const repeated = prefixOf(operation) === prefix;
    return {
      observed: `${path.join(", ")}; times have ${digits} digits of a second; the response ${repeated ? "repeats" : "does not repeat"} the prefix`,
      evidence: { states: path, fractionDigits: digits, repeated, looks, end, operation },
    };
  },
};

function timesOf({ createTime, updateTime }: JsonObject): readonly string[] {
  return [createTime, updateTime].filter((time) => typeof time === "string");
}

/** Digits that say something: 3 for milliseconds, 9 for nanoseconds. */
function digitsOf(time: string): number {
  const fraction = /\.(\d+)/.exec(time)?.[1] ?? "";
  return fraction.replace(/0+$/, "").length;
}

function prefixOf({ response }: JsonObject): unknown {
  type Response = { outputConfig?: { gcsDestination?: { uri?: unknown } } } | undefined;
  return (response as Response)?.outputConfig?.gcsDestination?.uri;
}
