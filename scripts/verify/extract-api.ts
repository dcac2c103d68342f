import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type ExtractorMessage,
} from "@microsoft/api-extractor";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An entry point of the package as users write it, and its declarations in dist/. */
export interface EntryPoint {
  readonly name: string;
  readonly declarations: string;
}

/** What an entry point exports, and what is wrong with that. */
export interface ExtractedApi {
  readonly report: string;
  readonly problems: readonly string[];
}

const messages = {
  compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
  extractorMessageReporting: {
    default: { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
    "ae-undocumented": { logLevel: ExtractorLogLevel.None },
    "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
  },
  tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
};

/** Writes the report of one entry point with api-extractor into a scratch folder and reads it. */
export function extractApi(root: string, entry: EntryPoint, scratch: string): ExtractedApi {
  const [reportFileName, reportFolder] = [`${entry.name}.api.md`, join(scratch, entry.name)];
  mkdirSync(reportFolder, { recursive: true });
  const problems: string[] = [];
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: entry.declarations,
      apiReport: { enabled: true, reportFileName, reportFolder, reportTempFolder: scratch },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      compiler: { overrideTsconfig: compilerConfiguration(entry) },
      messages,
    },
  });
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) problems.push(describe(message));
      message.handled = true;
    },
  });
  return { report: readFileSync(join(reportFolder, reportFileName), "utf8"), problems };
}

function compilerConfiguration(entry: EntryPoint): object {
  return {
    compilerOptions: {
      target: "es2023",
      lib: ["es2024", "esnext.disposable"],
      module: "nodenext",
      types: ["node"],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      noEmit: true,
    },
    files: [entry.declarations],
  };
}

function describe({ messageId, text, sourceFilePath }: ExtractorMessage): string {
  return `${sourceFilePath ?? ""}: ${text} (${messageId})`;
}
