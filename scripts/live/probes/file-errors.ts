import type { LiveContext } from "../live-context.ts";
import type { Probe } from "../probe.ts";
import { readRawShards } from "../raw-shards.ts";
import { describeEnd, endOf, follow, submitFiles } from "../submit.ts";

/** What becomes of files that cannot be read. */
export const fileErrors: Probe = {
  key: "file-errors",
  question:
    "How does an operation of files end with a good, a missing and a broken one, and with a missing one alone, and what is written for each file?",
  units: 6,
  run: async (context) => {
    const { report, missing, broken } = context.inputs;
    const evidence = await Promise.all([
      run(context, "mixed", { good: report, missing, broken }),
      run(context, "alone", { missing }),
    ]);
    const observed = evidence.map(({ name, end, files }) => {
      const written = files.map(({ file, shards }) => `${file} ${shards.length}`).join(", ");
      return `${name}: ${describeEnd(end)}, shards ${written}`;
    });
    return { observed: observed.join("; "), evidence };
  },
};

async function run(context: LiveContext, name: string, uris: Readonly<Record<string, string>>) {
  const files = Object.entries(uris).map(([file, uri]) => ({
    ...{ file, uri },
    prefix: context.output(`file-errors/${name}/${file}`),
  }));
  const handle = await submitFiles(context, `${name} files that cannot be read`, files);
  const end = endOf(await follow(context, handle));
  const written = await Promise.all(
    files.map(async ({ file, uri, prefix }) => ({
      ...{ file, uri },
      shards: await readRawShards(context, prefix),
    })),
  );
  return { name, operation: handle.name, end, files: written };
}
