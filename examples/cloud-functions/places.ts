/** Where the functions keep what belongs to a job, below the prefix that OUTPUT names. */
export interface JobPlaces {
  readonly id: string;
  /** There from before the submit on. */
  readonly intent: string;
  /** The token of the operation, there once it was accepted. */
  readonly token: string;
  /** The prefix of the shards. */
  readonly output: string;
  /** The records, there once the job is over. */
  readonly results: string;
}

/** The places of a job; undefined for what cannot be the name of one. */
export function placesOf(id: unknown): JobPlaces | undefined {
  if (typeof id !== "string" || !/^[\w-]{1,100}$/.test(id)) return undefined;
  const folder = `${process.env["OUTPUT"] ?? ""}${id}/`;
  return {
    ...{ id, intent: `${folder}intent.json`, token: `${folder}token.json` },
    ...{ output: `${folder}shards/`, results: `${folder}results.ndjson` },
  };
}
