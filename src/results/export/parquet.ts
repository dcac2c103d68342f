import { loadOptional } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import type { SizeOf } from "./annotation-box.ts";
import { annotationRows, type Row } from "./annotation-rows.ts";
import type { Exporter } from "./exporter.ts";
import { parquetColumns, recordRow, type ParquetColumn } from "./parquet-columns.ts";

/** Options of {@link createParquetExporter}. */
export interface ParquetExportOptions {
  /**
   * `annotations`: one row per annotation in typed columns, the same as those of CSV. `records`: one row
   * per record, with its text in a column and its whole response in another, as JSON. Default `annotations`.
   */
  readonly rows?: "annotations" | "records" | undefined;
  /** Tells the sizes that responses do not tell. Default: boxes stay in the coordinates that they have. */
  readonly sizeOf?: SizeOf | undefined;
  /** Rows of a row group, which is held in memory until it is written. Default 50,000. */
  readonly rowGroupRows?: number | undefined;
  /** Characters of a row group's texts, beyond which it is written before it has its rows. Default 32 Mi. */
  readonly rowGroupCharacters?: number | undefined;
}

const defaultRowGroupRows = 50_000;
const defaultRowGroupCharacters = 32 * 1024 * 1024;

/**
 * Writes a Parquet file, compressed by Snappy, row group by row group. Columns without a value are null;
 * those that hold JSON say so in their type. Needs the package hyparquet-writer.
 */
export function createParquetExporter(options: ParquetExportOptions = {}): Exporter {
  return {
    mediaType: "application/vnd.apache.parquet",
    extension: "parquet",
    export: (records) => toParquet(records, options),
  };
}

async function* toParquet(
  records: AsyncIterable<ResultRecord<ApiVersion>>,
  options: ParquetExportOptions,
): AsyncGenerator<Uint8Array> {
  const file = await openFile(parquetColumns[options.rows ?? "annotations"]);
  const { rowGroupRows = defaultRowGroupRows } = options;
  const { rowGroupCharacters = defaultRowGroupCharacters } = options;
  let group: Row[] = [];
  let characters = 0;
  for await (const record of records) {
    for (const row of await rowsOf(record, options)) {
      group.push(row);
      characters += charactersOf(row);
      if (group.length < rowGroupRows && characters < rowGroupCharacters) continue;
      yield file.write(group);
      group = [];
      characters = 0;
    }
  }
  if (group.length > 0) yield file.write(group);
  yield file.finish();
}

async function rowsOf(
  record: ResultRecord<ApiVersion>,
  { rows, sizeOf }: ParquetExportOptions,
): Promise<Iterable<Row>> {
  return rows === "records" ? [recordRow(record)] : annotationRows(record, sizeOf);
}

function charactersOf(row: Row): number {
  let characters = 0;
  for (const value of row) if (typeof value === "string") characters += value.length;
  return characters;
}

/** A file being written, whose bytes are handed over as they are made. */
interface ParquetFile {
  write(rows: readonly Row[]): Uint8Array;
  finish(): Uint8Array;
}

async function openFile(columns: readonly ParquetColumn[]): Promise<ParquetFile> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await loadOptional(
    "hyparquet-writer",
    "Parquet export",
    () => import("hyparquet-writer"),
  );
  const writer = new ByteWriter();
  // JSON is encoded as the text that it is: given the type JSON, the package would serialize it again.
  const texts = columns.map(({ name, type, nullable }) => ({
    ...{ name, type: type === "JSON" ? "STRING" : type, nullable },
    // The bounds of JSON tell nothing, and would stand whole in the footer.
    statistics: type !== "JSON",
  }));
  const columnData = texts.map((column) => ({ ...column, data: [] }));
  const schema = schemaFromColumnData({ columnData });
  const file = new ParquetWriter({ writer, schema, createdBy: "vision-batch" });
  const take = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    // The writer's `offset`, which the footer is made of, goes on counting.
    writer.index = 0;
    return bytes;
  };
  return {
    write: (rows) => {
      const data = texts.map((column, place) => ({
        ...column,
        data: rows.map((row) => row[place]),
      }));
      void file.write({ columnData: data, rowGroupSize: rows.length });
      return take();
    },
    finish: () => {
      const json = new Set(columns.filter(({ type }) => type === "JSON").map(({ name }) => name));
      file.schema = schema.map((element) =>
        json.has(element.name) ? { ...element, converted_type: "JSON" } : element,
      );
      void file.finish();
      return take();
    },
  };
}
