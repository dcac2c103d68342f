import { Application, Logger, LogLevel, type TypeDocOptions } from "typedoc";
import { completeGenerated } from "./complete-generated.ts";

/** A tree to make a reference of; its paths are from the root. */
export interface ReferenceOptions {
  readonly root: string;
  readonly entryPoints: readonly string[];
  readonly tsconfig: string;
  /** The front page. */
  readonly frontPage?: string;
  /** Guides that become part of it. */
  readonly guides?: readonly string[];
  /** Types that are shown though they have no page, `FILE:NAME`. */
  readonly computedTypes?: readonly string[];
}

/** A tree as typedoc has read it. */
export interface Reference {
  /** What is wrong with it, a line each. */
  readonly problems: readonly string[];
  /** Writes it as HTML into a folder, which is emptied before; adds to the problems. */
  write(folder: string): Promise<void>;
}

/** Reads a tree and validates it. What typedoc would warn of is a problem. */
export async function convert(options: ReferenceOptions): Promise<Reference> {
  const problems: string[] = [];
  const app = await Application.bootstrap(typedocOptions(options));
  app.logger = new ProblemLogger(problems);
  completeGenerated(app.converter);
  const project = await app.convert();
  if (project === undefined) return { problems, write: () => Promise.resolve() };
  app.validate(project);
  return { problems, write: (folder) => app.generateDocs(project, folder) };
}

class ProblemLogger extends Logger {
  readonly #problems: string[];

  constructor(problems: string[]) {
    super();
    this.#problems = problems;
  }

  override log(message: string, level: LogLevel): void {
    if (level >= LogLevel.Warn) this.#problems.push(message);
  }
}

function typedocOptions(options: ReferenceOptions): TypeDocOptions {
  const { root, entryPoints, tsconfig, frontPage, guides = [], computedTypes = [] } = options;
  const paths = (each: readonly string[]) => each.map((path) => `${root}/${path}`);
  return {
    name: "vision-batch",
    entryPoints: paths(entryPoints),
    tsconfig: `${root}/${tsconfig}`,
    basePath: root,
    readme: frontPage === undefined ? "none" : `${root}/${frontPage}`,
    projectDocuments: paths(guides),
    highlightLanguages: ["bash", "docker", "ini", "json", "sql", "typescript", "yaml"],
    includeVersion: true,
    hideGenerator: true,
    // The types are checked by a step of their own.
    skipErrorChecking: true,
    // Links to sources would need an address of the repository.
    disableSources: true,
    excludeExternals: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: true,
    sort: ["kind", "alphabetical"],
    sortEntryPoints: false,
    // Units, absence and defaults are in no name, so members are documented without exception.
    validation: {
      notExported: true,
      invalidLink: true,
      invalidPath: true,
      rewrittenLink: true,
      notDocumented: true,
      unusedMergeModuleWith: true,
    },
    requiredToBeDocumented: [
      "Module",
      "Class",
      "Interface",
      "TypeAlias",
      "Function",
      "Variable",
      "Property",
      "Method",
      "Accessor",
    ],
    intentionallyNotExported: [...computedTypes],
  };
}
