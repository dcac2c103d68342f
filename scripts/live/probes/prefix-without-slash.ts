import type { Probe } from "../probe.ts";
import { listAll } from "../raw-shards.ts";
import { endOf, follow, submitPicture } from "../submit.ts";

/** Whether the output prefix is kept as it is. */
export const prefixWithoutSlash: Probe = {
  key: "prefix-without-slash",
  question: "Is an output prefix that does not end in a slash put before the shard name as it is?",
  units: 1,
  run: async (context) => {
    const folder = context.output("no-slash");
    const prefix = `${folder}part`;
    const purpose = "a prefix without a slash at its end";
    const event = await follow(context, await submitPicture(context, { purpose, prefix }));
    const names = (await listAll(context, folder)).map(({ uri }) => uri.slice(folder.length));
    return { observed: describe(names), evidence: { prefix, names, ...endOf(event) } };
  },
};

function describe(names: readonly string[]): string {
  if (names.length === 0) return "no shard was found";
  const verbatim = names.every((name) => name.startsWith("partoutput-"));
  return `${verbatim ? "yes, verbatim" : "no"}: "part" became ${names.join(", ")}`;
}
