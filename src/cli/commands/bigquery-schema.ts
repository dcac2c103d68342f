import type { ApiVersion } from "../../protocol/api-version.ts";
import { bigQuerySchema } from "../../results/export/bigquery.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";

/** `vision-batch bigquery-schema`: prints the schema of the table that results are loaded into. */
export async function printBigQuerySchema(
  { apiVersion }: { readonly apiVersion: ApiVersion },
  { stdout }: Streams,
): Promise<ExitCode> {
  stdout.write(`${JSON.stringify(await bigQuerySchema(apiVersion), undefined, 2)}\n`);
  return exitCodes.done;
}
