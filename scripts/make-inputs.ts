/**
 * Draws the sample files of `examples/inputs/`: `node scripts/make-inputs.ts`. The files are
 * committed, since drawing text needs the fonts of the machine (DejaVu). Nothing in them is taken
 * from anywhere, and every run on one machine writes the same bytes.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from "@cantoo/pdf-lib";
import sharp from "sharp";

const folder = fileURLToPath(new URL("../examples/inputs/", import.meta.url));

interface Line {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly style?: string;
}

function svg(width: number, height: number, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans">${content}</svg>`,
  );
}

function write({ text, x, y, size, style = "" }: Line): string {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" font-size="${size}" ${style}>${escaped}</text>`;
}

const goods = [
  ["2 Cappuccino", "7.60"],
  ["1 Almond cake", "4.20"],
  ["1 Lemonade", "3.40"],
  ["3 Bread rolls", "2.85"],
] as const;

/** A till receipt: print in columns on paper that is not quite white. */
async function drawReceipt(): Promise<Buffer> {
  const mono = 'font-family="DejaVu Sans Mono"';
  const right = `${mono} text-anchor="end"`;
  const rows = goods.flatMap(([name, price], n) => [
    write({ text: name, x: 50, y: 250 + n * 46, size: 24, style: mono }),
    write({ text: price, x: 470, y: 250 + n * 46, size: 24, style: right }),
  ]);
  const bold = 'font-weight="bold"';
  const content = [
    '<rect width="520" height="680" fill="#d8d4cc"/>',
    `<path d="M20 16 H500 V664 ${zigzag()} Z" fill="#fbfaf5"/>`,
    '<g fill="#2b2926">',
    write({ text: "CORNER CAFE", x: 260, y: 84, size: 38, style: `${bold} text-anchor="middle"` }),
    write({ text: "12 Harbour Street", x: 260, y: 124, size: 22, style: 'text-anchor="middle"' }),
    write({ text: "Receipt 4711", x: 50, y: 184, size: 22, style: mono }),
    write({ text: "14:32", x: 470, y: 184, size: 22, style: right }),
    ...rows,
    write({ text: "TOTAL", x: 50, y: 480, size: 32, style: bold }),
    write({ text: "18.05", x: 470, y: 480, size: 32, style: `${bold} text-anchor="end"` }),
    write({
      text: "Thank you for your visit",
      x: 260,
      y: 576,
      size: 22,
      style: 'text-anchor="middle"',
    }),
    "</g>",
    '<path d="M50 204 H470 M50 432 H470" stroke="#77736a" stroke-width="2" stroke-dasharray="6 5"/>',
  ];
  return sharp(svg(520, 680, content.join("")))
    .png({ palette: true, colours: 32 })
    .toBuffer();
}

/** The torn lower edge of the receipt, from right to left. */
function zigzag(): string {
  const teeth = Array.from({ length: 24 }, (_, n) => `L${490 - n * 20} 650 L${480 - n * 20} 664`);
  return teeth.join(" ");
}

/** A photo of a street sign, stored lying on its side with EXIF orientation 6, as a phone would. */
async function drawStreetSign(): Promise<Buffer> {
  const defs =
    '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#7fb0dc"/>' +
    '<stop offset="1" stop-color="#e9e4d2"/></linearGradient>' +
    '<linearGradient id="plate" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#1d4f9c"/>' +
    '<stop offset="1" stop-color="#163c78"/></linearGradient>' +
    '<filter id="grain"><feTurbulence type="fractalNoise" baseFrequency="0.7" numOctaves="2" seed="7"/>' +
    '<feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0.25 0"/></filter>' +
    '<filter id="soft"><feGaussianBlur stdDeviation="5"/></filter></defs>';
  const white = 'fill="#f4f4ef" font-weight="bold" text-anchor="middle"';
  const content = [
    defs,
    '<rect width="720" height="960" fill="url(#sky)"/>',
    '<g filter="url(#soft)"><path d="M-40 1000 V530 L150 450 L310 540 L470 430 L760 580 V1000 Z" fill="#87946c"/>',
    '<path d="M-40 1000 V700 L240 630 L480 700 L760 630 V1000 Z" fill="#5f6f4b"/></g>',
    '<rect x="338" y="560" width="44" height="400" fill="#6d7378"/>',
    '<rect x="350" y="560" width="8" height="400" fill="#9aa1a6"/>',
    '<g transform="rotate(-1.5 360 400)"><rect x="80" y="230" width="560" height="330" rx="22" fill="url(#plate)"/>',
    '<rect x="94" y="244" width="532" height="302" rx="14" fill="none" stroke="#f4f4ef" stroke-width="6"/>',
    write({ text: "HARBOUR", x: 360, y: 350, size: 84, style: white }),
    write({ text: "STREET", x: 360, y: 440, size: 84, style: white }),
    write({ text: "Ferry 300 m", x: 360, y: 512, size: 44, style: white }),
    '</g><rect width="720" height="960" filter="url(#grain)"/>',
  ];
  const upright = await sharp(svg(720, 960, content.join("")))
    .blur(0.6)
    .toBuffer();
  return sharp(upright)
    .rotate(270)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 72, mozjpeg: true })
    .toBuffer();
}

const minutes = [
  ["Minutes of the garden club", "Present: nine members", "The gate will be painted green"],
  ["Budget for the season", "Seeds and soil: 240 euros", "New watering cans: 65 euros"],
  ["Next meeting", "Thursday the 12th at seven", "Please bring your own cup"],
] as const;

/** Three scanned pages: black on white, one bit a pixel, as fax machines and archives store them. */
async function drawMinutes(): Promise<Buffer> {
  const pages = minutes.map(([title, ...lines], n) =>
    svg(
      900,
      640,
      [
        '<rect width="900" height="640" fill="white"/>',
        write({ text: title, x: 80, y: 120, size: 44, style: 'font-weight="bold"' }),
        '<rect x="80" y="146" width="740" height="4"/>',
        ...lines.map((text, line) => write({ text, x: 80, y: 240 + line * 80, size: 34 })),
        write({ text: `Page ${n + 1} of 3`, x: 80, y: 560, size: 26 }),
      ].join(""),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    .flatten({ background: "white" })
    .greyscale()
    .threshold(160)
    .toColourspace("b-w")
    .tiff({ compression: "ccittfax4", bitdepth: 1 })
    .toBuffer();
}

const notices = [
  { title: "OPEN TODAY", line: "from nine to five", paper: "#fff3c4", ink: "#7a2e0e" },
  { title: "FRESH BREAD", line: "baked every hour", paper: "#dff0d8", ink: "#1f4d2b" },
] as const;

/** An animated notice of two pictures. */
async function drawNotice(): Promise<Buffer> {
  const frames = notices.map(({ title, line, paper, ink }) =>
    svg(
      480,
      240,
      [
        `<rect width="480" height="240" fill="${ink}"/><rect x="14" y="14" width="452" height="212" rx="10" fill="${paper}"/>`,
        write({
          text: title,
          x: 240,
          y: 114,
          size: 48,
          style: `fill="${ink}" font-weight="bold" text-anchor="middle"`,
        }),
        write({
          text: line,
          x: 240,
          y: 178,
          size: 34,
          style: `fill="${ink}" text-anchor="middle"`,
        }),
      ].join(""),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .gif({ delay: [1500, 1500], colours: 16, loop: 0 })
    .toBuffer();
}

/** A poster of a few flat colours. */
async function drawPoster(): Promise<Buffer> {
  const rays = Array.from({ length: 12 }, (_, n) => {
    return `<path d="M300 300 L276 -160 L324 -160 Z" fill="#f6b73c" transform="rotate(${n * 30} 300 300)"/>`;
  });
  const style = 'fill="#fff8e7" font-weight="bold" text-anchor="middle"';
  const content = [
    '<rect width="600" height="800" fill="#e4572e"/>',
    `<g opacity="0.9">${rays.join("")}</g>`,
    '<circle cx="300" cy="300" r="150" fill="#ffd166"/>',
    '<path d="M0 800 V500 Q150 440 300 500 T600 500 V800 Z" fill="#17628a"/>',
    '<path d="M230 330 Q300 400 370 330" fill="none" stroke="#e4572e" stroke-width="14" stroke-linecap="round"/>',
    '<circle cx="250" cy="270" r="14" fill="#e4572e"/><circle cx="350" cy="270" r="14" fill="#e4572e"/>',
    write({ text: "SUMMER FAIR", x: 300, y: 610, size: 66, style }),
    write({ text: "Music, games and food", x: 300, y: 670, size: 36, style }),
    write({ text: "Saturday from noon", x: 300, y: 724, size: 36, style }),
  ];
  return sharp(svg(600, 800, content.join("")))
    .png({ palette: true, colours: 48 })
    .toBuffer();
}

const report = [
  [
    "Annual report",
    "The library lent 48,210 books this year.",
    "That is 6 percent more than last year.",
  ],
  ["Visitors by season", "Spring 5,100 and summer 3,900.", "Autumn 6,400 and winter 7,200."],
  ["Outlook", "The reading room opens in March.", "Volunteers are always welcome."],
] as const;

interface ReportFonts {
  readonly regular: PDFFont;
  readonly bold: PDFFont;
}

/** Three pages of a report, A4, with real text: fonts are those every reader of PDF has. */
async function writeReport(): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle("Annual report of a library");
  document.setCreationDate(new Date(0));
  const regular = await document.embedFont(StandardFonts.Helvetica);
  const bold = await document.embedFont(StandardFonts.HelveticaBold);
  report.forEach((texts, n) => {
    const page = document.addPage([595, 842]);
    writeReportPage(page, texts, { regular, bold });
    page.drawText(`${n + 1} / 3`, { x: 500, y: 48, size: 11, font: regular });
  });
  drawChart(document.getPage(1));
  return document.save();
}

function writeReportPage(
  page: PDFPage,
  [title, ...lines]: readonly [string, ...string[]],
  { regular, bold }: ReportFonts,
): void {
  page.drawRectangle({ x: 0, y: 800, width: 595, height: 42, color: rgb(0.13, 0.35, 0.45) });
  page.drawText(title, { x: 72, y: 700, size: 28, font: bold });
  lines.forEach((line, n) => {
    page.drawText(line, { x: 72, y: 640 - n * 28, size: 16, font: regular });
  });
}

function drawChart(page: PDFPage): void {
  [5100, 3900, 6400, 7200].forEach((visitors, n) => {
    const height = visitors / 25;
    page.drawRectangle({ x: 90 + n * 105, y: 180, width: 70, height, color: rgb(0.93, 0.6, 0.2) });
  });
}

const receipt = await drawReceipt();
const files: Readonly<Record<string, Uint8Array>> = {
  "receipt.png": receipt,
  "poster.png": await drawPoster(),
  "street-sign.jpg": await drawStreetSign(),
  "minutes.tiff": await drawMinutes(),
  "notice.gif": await drawNotice(),
  "report.pdf": await writeReport(),
  // Cut off in the middle, as by an upload that was interrupted.
  "broken.png": receipt.subarray(0, Math.floor(receipt.length / 2)),
};

/** What the text of each file holds, page by page where it has pages; read by tests and by the demo. */
const expected = {
  "receipt.png": {
    pages: 1,
    contains: [
      "CORNER CAFE",
      "12 Harbour Street",
      "Receipt 4711",
      ...goods.flat(),
      "TOTAL",
      "18.05",
    ],
  },
  "poster.png": {
    pages: 1,
    contains: ["SUMMER FAIR", "Music, games and food", "Saturday from noon"],
  },
  "street-sign.jpg": { pages: 1, contains: ["HARBOUR", "STREET", "Ferry 300 m"] },
  "minutes.tiff": { pages: 3, contains: minutes.flat() },
  "notice.gif": { pages: 2, contains: notices.flatMap(({ title, line }) => [title, line]) },
  "report.pdf": { pages: 3, contains: report.flat() },
  "broken.png": { pages: 1, contains: [], error: "Bad image data." },
};

await mkdir(folder, { recursive: true });
for (const [name, content] of Object.entries(files)) {
  await writeFile(`${folder}${name}`, content);
  console.log(`${name} ${content.byteLength} bytes`);
}
await writeFile(`${folder}expected.json`, `${JSON.stringify(expected, null, 2)}\n`);
