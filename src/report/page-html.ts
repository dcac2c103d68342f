import { VisionBatchError } from "../errors/index.ts";
import { embeddableJson, escapeHtml } from "./escape-html.ts";
import { cspHash, type PageAssets } from "./page-assets.ts";
import type { ReportSummary } from "./report-data.ts";

/** The head of a page whose script, style, pictures and chunks lie beside it. */
export function folderHead(title: string): string {
  const policy = policyOf({
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "trusted-types": "report-chunks",
  });
  return head(title, policy, '<link rel="stylesheet" href="report.css">');
}

/** The head of a page that holds everything itself. */
export function fileHead(title: string, { script, style }: PageAssets): string {
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new VisionBatchError("the script or style of the page would end its own element");
  }
  const policy = policyOf({
    "script-src": cspHash(script),
    "style-src": cspHash(style),
    "img-src": "data:",
    "trusted-types": "'none'",
  });
  return head(title, policy, `<style>${style}</style>`);
}

/** A chunk, or the summary, within a page. */
export function dataBlock(name: string, json: string): string {
  return `<script type="application/json" id="${name}">${json}</script>\n`;
}

/** The end of a page: its summary, and its script, by source or inline. */
export function pageEnd(
  summary: ReportSummary,
  script: { src: string } | { text: string },
): string {
  const element =
    "src" in script ? `<script src="${script.src}"></script>` : `<script>${script.text}</script>`;
  return `${dataBlock("summary", embeddableJson(summary))}${element}\n</body>\n</html>\n`;
}

/** What is not named is not loaded, sent or run. */
function policyOf(sources: Readonly<Record<string, string>>): string {
  const all = {
    "default-src": "'none'",
    ...sources,
    "base-uri": "'none'",
    "form-action": "'none'",
    "require-trusted-types-for": "'script'",
  };
  return Object.entries(all)
    .map(([directive, value]) => `${directive} ${value}`)
    .join("; ");
}

function head(title: string, policy: string, style: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
${style}
</head>
<body>
<div id="app"></div>
<noscript>This report is drawn by a script, which this browser does not run.</noscript>
`;
}
