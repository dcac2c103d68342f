import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { releaseProblems } from "../../../scripts/release/release-problems.ts";

const root = join(import.meta.dirname, "../../..");

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      { permissions: Readonly<Record<string, string>>; needs?: string; steps: readonly Step[] }
    >
  >;
}

/** What is wrong with a workflow that publishes. */
function workflowProblems(text: string): readonly string[] {
  const { permissions, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const publishing = Object.entries(jobs).filter(([, job]) =>
    job.steps.some(({ run = "" }) => run.startsWith("npm publish")),
  );
  return [
    ...(Object.keys(permissions).length === 0 ? [] : ["permissions for all jobs"]),
    ...steps.flatMap(({ uses }) =>
      uses === undefined || /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses) ? [] : [`unpinned ${uses}`],
    ),
    ...Object.entries(jobs).flatMap(([name, job]) =>
      Object.entries(job.permissions)
        .filter(([scope, access]) => access !== "read" && scope !== "id-token")
        .map(([scope]) => `${name} may write ${scope}`),
    ),
    ...publishing.flatMap(([name, job]) => [
      ...(job.permissions["id-token"] === "write" ? [] : [`${name} has no identity token`]),
      ...(job.needs === undefined ? [`${name} waits for no checks`] : []),
      ...(job.steps.some(({ run = "" }) => /^npm publish .*--provenance/.test(run))
        ? []
        : [`${name} publishes without provenance`]),
    ]),
    ...(publishing.length === 1 ? [] : ["not one job that publishes"]),
    ...(/secrets\./.test(text) ? ["it keeps a secret"] : []),
  ];
}

describe(".github/workflows/release.yml", () => {
  let text: string;

  before(async () => {
    text = await readFile(join(root, ".github/workflows/release.yml"), "utf8");
  });

  it("publishes with provenance, by pinned actions, with no right that it does not need", () => {
    expect(workflowProblems(text)).to.deep.equal([]);
    expect((parse(text) as Workflow).on).to.deep.equal({ push: { tags: ["v*"] } });
  });

  it("would not pass with an action by its tag, without a token or provenance", () => {
    const loose = text.replace(/checkout@\w+/, "checkout@v4").replace("id-token: write", "");
    const problems = workflowProblems(loose.replace(" --provenance", ""));
    expect(problems).to.deep.equal([
      "unpinned actions/checkout@v4",
      "publish has no identity token",
      "publish publishes without provenance",
    ]);
  });

  it("runs scripts that are there", async () => {
    const { scripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      scripts: Readonly<Record<string, string>>;
    };
    const files = [...text.matchAll(/node (scripts\/\S+\.ts)/g)].map(([, file = ""]) => file);
    expect(files).to.have.length(3);
    for (const file of files) expect(existsSync(join(root, file)), file).to.equal(true);
    for (const [, name = ""] of text.matchAll(/npm run (\S+)/g))
      expect(scripts).to.have.property(name);
  });
});

describe("releaseProblems", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-11-23\n\n- A line.\n";
  const repository = { type: "git", url: "git+https://git.example/who/what.git" };
  const release = {
    ...{ tag: "v1.2.3", version: "1.2.3", told: "1.2.3", changelog },
    ...{ changesets: [], repository },
  };

  it("finds none where all speak of the same release", () => {
    expect(releaseProblems(release)).to.deep.equal([]);
  });

  it("finds each that does not", () => {
    const open = changelog.replace("Unreleased\n", "Unreleased\n\n- Another.\n");
    const empty = changelog.replace("- A line.\n", "");
    expect(releaseProblems({ ...release, tag: "v1.2.4" })[0]).to.contain("the tag is v1.2.4");
    expect(releaseProblems({ ...release, told: "1.2.2" })[0]).to.contain("says that it is 1.2.2");
    expect(releaseProblems({ ...release, changelog: open })[0]).to.contain("still has changes");
    expect(releaseProblems({ ...release, changelog: empty })[0]).to.contain("has nothing under");
    expect(releaseProblems({ ...release, version: "1.2.30" })).to.have.length(3);
  });

  it("refuses to leave changes out", () => {
    expect(releaseProblems({ ...release, changesets: ["a.md"] })).to.deep.equal([
      ".changeset/a.md is not released: run `npm run version`",
    ]);
  });

  it("refuses a package of which nobody could tell from where it comes", () => {
    for (const repository of [undefined, "", "what", { type: "git" }, { url: "https://" }]) {
      const problems = releaseProblems({ ...release, repository });
      expect(problems, JSON.stringify(repository)).to.have.length(1);
      expect(problems[0]).to.contain("`repository`");
    }
    expect(releaseProblems({ ...release, repository: repository.url })).to.deep.equal([]);
  });

  it("knows the changelog that is there", async () => {
    const text = await readFile(join(root, "CHANGELOG.md"), "utf8");
    const [first, ...released] = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    for (const heading of first === "Unreleased" ? released : [first, ...released])
      expect(heading).to.match(/^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
    const open = releaseProblems({ ...release, changelog: text });
    expect(open[0]).to.contain('nothing under "## 1.2.3');
  });
});
