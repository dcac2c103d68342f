import type { VNode } from "preact";
import type { LimitsData, RunDetail } from "../../src/dashboard/dashboard-data.ts";
import { clock, count, counted } from "./format.ts";
import { Pairs, type Fact } from "./pairs.tsx";
import { workersLink } from "./route.ts";

interface PanelProps {
  readonly detail: RunDetail;
}

/** The limits that the run shares with others, and what is used of them. */
export function Limits({ detail: { limits } }: PanelProps): VNode {
  const { scope, rate, notBeforeMs, requestsPerMinute } = limits;
  return (
    <section class="panel">
      <h2>Limits</h2>
      <ul class="meters">
        {metersOf(limits).map(([name, used, most]) => (
          <li key={name}>
            <span class="what">{name}</span>
            <span class="count">
              {used === undefined ? "–" : count(Math.round(used))} of {count(most)}
            </span>
            <meter min={0} max={most} value={used ?? 0} aria-label={name} />
          </li>
        ))}
      </ul>
      {rate < 1 && (
        <p class="note">
          The service has asked for less: {Math.round(rate * 100)}% of{" "}
          {counted(requestsPerMinute, "request")} a minute for now.
        </p>
      )}
      {notBeforeMs !== undefined && (
        <p class="note">No submit before {clock(notBeforeMs)}, as the service has asked.</p>
      )}
      {scope !== "" && (
        <p class="note">
          Shared by all runs of <bdi>{scope}</bdi>.
        </p>
      )}
    </section>
  );
}

type Meter = readonly [name: string, used: number | undefined, most: number];

function metersOf(limits: LimitsData): readonly Meter[] {
  const { imagesInProcessing, filesInProcessing, inputsInProcessing } = limits;
  const isMixed = imagesInProcessing === undefined || filesInProcessing === undefined;
  const { maxImagesInProcessing: mostImages, maxFilesInProcessing: mostFiles } = limits;
  const inProcessing: readonly Meter[] = isMixed
    ? [["Inputs in processing", inputsInProcessing, mostImages + mostFiles]]
    : [
        ["Images in processing", imagesInProcessing, mostImages],
        ["Files in processing", filesInProcessing, mostFiles],
      ];
  return [
    ...inProcessing,
    ["Submits in the last minute", limits.submitsPerMinute, limits.requestsPerMinute],
  ];
}

/** Who has chunks of the run in hand. */
export function Claims({ detail: { claims } }: PanelProps): VNode {
  return (
    <section class="panel">
      <h2>
        Workers <a href={workersLink}>all</a>
      </h2>
      {claims.length === 0 ? (
        <p class="note">Nobody has a chunk of it in hand now.</p>
      ) : (
        <ul class="held">
          {claims.map(({ worker, chunks, leaseUntilMs }) => (
            <li key={worker}>
              <bdi class="mono">{worker}</bdi>
              <span class="note">
                {counted(chunks, "chunk")}, held until {clock(leaseUntilMs)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What was asked for. */
export function Options({ detail }: PanelProps): VNode {
  const { options, planned, createdMs } = detail;
  const { version, output, features, batchSize, labels, imageContext } = options;
  const rows: readonly Fact[] = [
    ["Created", clock(createdMs)],
    ["Inputs", `${counted(planned.image, "image")}, ${counted(planned.file, "file")}`],
    ["API", version],
    ["Features", features.map(featureText).join(", ")],
    ["Output", output],
    ...(batchSize === undefined ? [] : ([["Responses a shard", count(batchSize)]] as const)),
    ["Submit of unknown fate", options.onUnknownSubmit],
    ["Priority", count(options.priority)],
    ...(labels === undefined ? [] : ([["Labels", JSON.stringify(labels)]] as const)),
    ...(imageContext === undefined ? [] : ([["Hints", imageContext]] as const)),
  ];
  return (
    <section class="panel">
      <h2>What was asked for</h2>
      <Pairs of={rows} />
    </section>
  );
}

function featureText(feature: RunDetail["options"]["features"][number]): string {
  const { type, maxResults, model } = feature;
  const more = [
    ...(maxResults === undefined ? [] : [`at most ${count(maxResults)}`]),
    ...(model === undefined ? [] : [model]),
  ];
  return more.length === 0 ? type : `${type} (${more.join(", ")})`;
}
