import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../documents.ts";
import type { Guide } from "../guide.ts";

const report = await readFile(join(root, "examples/inputs/report.pdf"));
const minutes = await readFile(join(root, "examples/inputs/minutes.tiff"));

const guide: Guide = {
  // The pages are really read.
  emulator: { recordedFor: "missing", recordings: [] },
  files: {
    "report.pdf": report,
    "gs://archive/report.pdf": report,
    "gs://archive/minutes.tiff": minutes,
  },
  blocks: [
    {
      under: "Some documents at once",
      prints: [
        "0 1 Annual report",
        "0 2 Visitors by season",
        "0 3 Outlook",
        "1 1 Minutes of the garden club",
        "1 3 Next meeting",
      ],
    },
    {
      under: "One operation",
      prints: [
        "0 1 succeeded",
        "0 2 succeeded",
        "0 3 succeeded",
        "1 1 succeeded",
        "1 2 succeeded",
        "1 3 succeeded",
        "2 documents, 6 pages",
      ],
    },
    {
      under: "The text of a document",
      prints: [
        "3 pages, 44 words",
        "Outlook",
        "The reading room opens in March.",
        "Volunteers are always welcome.",
        "3/3",
        "1 595 en Annual report true",
        "2 595 en Visitors by season true",
        "3 595 en Outlook true",
        "reading room at 195",
      ],
    },
    {
      under: "Exports",
      prints: [],
      writes: {
        "report.txt": ["Spring 5,100 and summer 3,900."],
        "report.md": ["The library lent 48,210 books this year."],
        "report.hocr": ["ocrx_word", /ocr_page.*bbox 0 0 2479 3508/],
        "searchable.pdf": [/^%PDF-/],
      },
    },
    {
      under: "From the command line",
      prints: [],
      writes: {
        "records.ndjson": [
          /^\{"index":0,"input":"report.pdf",.*"pages":\[\{"page":1,"status":"succeeded"/m,
          /^\{"index":1,"input":"gs:\/\/archive\/minutes.tiff",.*"page":3,"status":"succeeded"/m,
        ],
      },
    },
  ],
};

export default guide;
