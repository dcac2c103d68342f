import { SubmitError } from "../../../src/index.ts";
import type { LiveContext } from "../live-context.ts";
import { describeError } from "../describe-error.ts";
import type { Probe } from "../probe.ts";
import { follow, submitPicture, submitPictureWithoutParent } from "../submit.ts";

/** The forms of operation names. */
export const operationNames: Probe = {
  key: "operation-names",
  question:
    "Which form have operation names without a parent, with a project and with a location, and which other forms of a name does GetOperation take?",
  units: 3,
  run: async (context) => {
    const evidence = await Promise.all(
      parentsOf(context).map((parent) => nameUnder(context, parent)),
    );
    const forms = evidence.map(({ parent, form }) => `${parent || "no parent"}: ${form}`);
    const taken = evidence.flatMap(({ get }) => get.filter(({ code }) => code === "OK"));
    const others = new Set(taken.filter(({ own }) => !own).map(({ form }) => form));
    return {
      observed: `${forms.join("; ")}; Get takes ${others.size === 0 ? "no other form" : `also ${[...others].join(", ")}`}`,
      evidence,
    };
  },
};

/** Without a location none can be asked for: it goes with its regional host. */
function parentsOf({ command }: LiveContext): readonly string[] {
  const { project, location } = command.service;
  const withProject = ["", `projects/${project}`];
  if (location === undefined) return withProject;
  return [...withProject, `projects/${project}/locations/${location}`];
}

interface Named {
  readonly parent: string;
  /** The name with P, L and X for its parts, or why there is none. */
  readonly form: string;
  readonly name?: string;
  readonly error?: unknown;
  readonly get: readonly Got[];
}

interface Got {
  readonly name: string;
  readonly form: string;
  /** Whether it is the name as the service gave it. */
  readonly own: boolean;
  readonly code: string;
}

async function nameUnder(context: LiveContext, parent: string): Promise<Named> {
  const prefix = context.output(`names/${parent === "" ? "none" : parent}`);
  const purpose = `name with ${parent === "" ? "no parent" : `parent ${parent}`}`;
  try {
    const handle =
      parent === ""
        ? await submitPictureWithoutParent(context, { purpose, prefix })
        : await submitPicture(context, { purpose, prefix, parent });
    const get = await getBy(context, handle.name);
    await follow(context, handle);
    return { parent, form: formOf(handle.name), name: handle.name, get };
  } catch (error) {
    if (!(error instanceof SubmitError) || error.outcome !== "rejected") throw error;
    return { parent, form: `refused with ${error.code}`, error: describeError(error), get: [] };
  }
}

async function getBy(context: LiveContext, name: string): Promise<readonly Got[]> {
  const { raw, command, signal } = context;
  const { project, location = "us" } = command.service;
  const id = name.slice(name.lastIndexOf("/") + 1);
  const names = new Set([
    name,
    `operations/${id}`,
    `projects/${project}/operations/${id}`,
    `locations/${location}/operations/${id}`,
    `projects/${project}/locations/${location}/operations/${id}`,
  ]);
  return Promise.all(
    [...names].map(async (tried) => {
      const { code } = await raw.operations("getOperation", { name: tried }, signal);
      return { name: tried, form: formOf(tried), own: tried === name, code };
    }),
  );
}

function formOf(name: string): string {
  return name
    .replace(/(^|\/)projects\/[^/]+/, "$1projects/P")
    .replace(/(^|\/)locations\/[^/]+/, "$1locations/L")
    .replace(/(^|\/)operations\/[^/]+$/, "$1operations/X");
}
