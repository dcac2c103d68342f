import { chunkName, type ChunkKind } from "../../src/report/report-data.ts";

interface TrustedScriptUrls {
  createScriptURL(url: string): string;
}

interface ReportWindow {
  /** What the script of a chunk calls. */
  visionReport?: (name: string, json: string) => void;
  readonly trustedTypes?: {
    createPolicy(name: string, rules: TrustedScriptUrls): TrustedScriptUrls;
  };
}

const page = globalThis as unknown as ReportWindow;
const arrived = new Map<string, string>();
let trusted: TrustedScriptUrls | undefined;

/** Reads a chunk: from the page itself, or by a script beside it, which works from a disk where `fetch` does not. */
export async function loadChunk<T>(kind: ChunkKind, place: number): Promise<T> {
  const name = chunkName(kind, place);
  const json = embedded(name) ?? (await loadScript(name));
  return JSON.parse(json) as T;
}

/** The content of a block of data in the page; undefined where there is none. */
export function embedded(name: string): string | undefined {
  return document.getElementById(name)?.textContent;
}

function loadScript(name: string): Promise<string> {
  page.visionReport ??= (chunk, json) => void arrived.set(chunk, json);
  trusted ??= page.trustedTypes?.createPolicy("report-chunks", { createScriptURL }) ?? {
    createScriptURL,
  };
  const script = document.createElement("script");
  script.src = trusted.createScriptURL(`data/${name}.js`);
  return new Promise((resolve, reject) => {
    script.onload = () => {
      script.remove();
      const json = arrived.get(name);
      arrived.delete(name);
      if (json === undefined) reject(new Error(`data/${name}.js does not hold ${name}`));
      else resolve(json);
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`data/${name}.js cannot be read: it belongs beside this page`));
    };
    document.head.append(script);
  });
}

/** Nothing but chunks of this report is run. */
function createScriptURL(url: string): string {
  if (/^data\/[a-z]+-\d+\.js$/.test(url)) return url;
  throw new TypeError(`${url} is no chunk of this report`);
}
