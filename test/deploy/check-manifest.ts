import type { Command } from "commander";
import { parseAllDocuments } from "yaml";

/** What a manifest must fit. */
export interface WorkerFacts {
  /** The command that the image runs. */
  readonly command: Command;
  /** How long it takes to end at the latest, with these seconds of `--drain`. */
  readonly endLimitMs: (drainSeconds: number | undefined) => number;
  /** What is answered at these paths: the status. */
  readonly statusAt: (path: string) => Promise<number>;
  /** Variables that are read by what the worker uses. */
  readonly variables: readonly string[];
  /** The user of the image. */
  readonly user: string;
}

/** An object of a manifest, of which anything may be missing. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: Spec;
}

type Labels = Readonly<Record<string, string>>;

interface Spec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec?: PodSpec };
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number };
  readonly containers?: readonly Container[];
}

interface Container {
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: unknown; readonly fieldRef?: unknown };
}

interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port?: string | number };
}

/** Reads the objects of a manifest; nothing may be said twice in one. @throws Error */
export function readManifest(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text, { uniqueKeys: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw error;
    return document.toJS() as KubernetesObject;
  });
}

/** What of a manifest does not fit the worker, a line each. */
export async function checkManifest(
  objects: readonly KubernetesObject[],
  facts: WorkerFacts,
): Promise<readonly string[]> {
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const pod = deployment?.spec?.template?.spec ?? {};
  const [container, ...others] = pod.containers ?? [];
  if (container === undefined || others.length > 0) return ["there is not one container"];
  const flags = readFlags(container.args ?? []);
  return [
    ...flagProblems(flags, facts),
    ...graceProblems(pod, flags, facts),
    ...(await probeProblems(container, flags, facts)),
    ...variableProblems(container, facts),
    ...rightsProblems(pod, container, facts),
    ...imageProblems(container),
    ...selectorProblems(objects, deployment?.spec?.template?.metadata?.labels ?? {}),
    ...accountProblems(objects, pod),
  ];
}

type Flags = ReadonlyMap<string, string | undefined>;

function readFlags(args: readonly string[]): Flags {
  return new Map(
    args.map((arg) => {
      const [name = "", ...value] = arg.split("=");
      return [name, value.length === 0 ? undefined : value.join("=")] as const;
    }),
  );
}

function flagProblems(flags: Flags, { command }: WorkerFacts): string[] {
  return [...flags].flatMap(([name, value]) => {
    const option = command.options.find(({ long }) => long === name);
    if (option === undefined) return [`the worker has no ${name}`];
    return option.required === (value !== undefined) ? [] : [`${name} is not given as it is taken`];
  });
}

function graceProblems(
  { terminationGracePeriodSeconds: grace = 30 }: PodSpec,
  flags: Flags,
  { endLimitMs }: WorkerFacts,
): string[] {
  const drain = flags.get("--drain");
  const limitMs = endLimitMs(drain === undefined ? undefined : Number(drain));
  return grace * 1000 > limitMs
    ? []
    : [`it is killed after ${grace} s, and may take ${limitMs / 1000} s to end`];
}

async function probeProblems(
  { livenessProbe, readinessProbe, startupProbe, ports = [] }: Container,
  flags: Flags,
  { statusAt }: WorkerFacts,
): Promise<string[]> {
  const served = Number(flags.get("--metrics-port"));
  const problems: string[] = [];
  if (livenessProbe === undefined || readinessProbe === undefined) {
    problems.push("it is asked neither whether it lives nor whether it is ready");
  }
  if (flags.get("--metrics-host") !== "$(POD_IP)") {
    problems.push("probes reach nothing: it does not listen at the address of the pod");
  }
  for (const probe of [livenessProbe, readinessProbe, startupProbe]) {
    const { path = "/", port = 0 } = probe?.httpGet ?? {};
    if (probe === undefined) continue;
    const named = ports.find(({ name }) => name === port)?.containerPort ?? Number(port);
    if (named !== served) problems.push(`${path} is asked for at ${port}, not at ${served}`);
    const status = await statusAt(path);
    if (status !== 200) problems.push(`${path} of a worker that is well answers ${status}`);
  }
  return problems;
}

function variableProblems({ env = [], args = [] }: Container, facts: WorkerFacts): string[] {
  const read = [
    ...facts.command.options.flatMap(({ envVar }) => envVar ?? []),
    ...facts.variables,
    ...[...args.join(" ").matchAll(/\$\((\w+)\)/g)].map(([, name]) => name),
  ];
  const secret = ["VISION_BATCH_JOURNAL", "PGPASSWORD"];
  return [
    ...env.filter(({ name }) => !read.includes(name)).map(({ name }) => `nobody reads ${name}`),
    ...secret
      .filter(
        (name) => env.find((each) => each.name === name)?.valueFrom?.secretKeyRef === undefined,
      )
      .map((name) => `${name} does not come from a Secret`),
    ...[...args.join(" ").matchAll(/\$\((\w+)\)/g)]
      .filter(([, name]) => !env.some((each) => each.name === name))
      .map(([, name]) => `${name ?? ""} is in the arguments and nowhere else`),
  ];
}

function rightsProblems(
  { securityContext: pod }: PodSpec,
  { securityContext: own }: Container,
  { user }: WorkerFacts,
): string[] {
  const isLeast =
    own?.allowPrivilegeEscalation === false &&
    own.readOnlyRootFilesystem === true &&
    own.capabilities?.drop?.includes("ALL") === true;
  return [
    ...(isLeast ? [] : ["it may do more than it needs"]),
    ...(pod?.runAsNonRoot === true && `${pod.runAsUser}` === user.split(":")[0]
      ? []
      : [`it does not run as the user of the image, ${user}`]),
  ];
}

function imageProblems({ image = "", resources = {} }: Container): string[] {
  const { requests, limits } = resources;
  const isBounded =
    requests?.["cpu"] !== undefined &&
    requests["memory"] !== undefined &&
    limits?.["memory"] !== undefined;
  return [
    ...(/:\d[\w.-]*$/.test(image) ? [] : [`${image} names no version`]),
    ...(isBounded ? [] : ["nothing says what it takes of a machine"]),
  ];
}

function selectorProblems(objects: readonly KubernetesObject[], labels: Labels): string[] {
  return objects.flatMap(({ kind, spec }) => {
    const { matchLabels } = spec?.selector ?? spec?.podSelector ?? {};
    if (kind === "ServiceAccount") return [];
    const entries = Object.entries(matchLabels ?? {});
    const isMet = entries.length > 0 && entries.every(([name, value]) => labels[name] === value);
    return isMet ? [] : [`${kind} selects other pods`];
  });
}

function accountProblems(
  objects: readonly KubernetesObject[],
  { serviceAccountName }: PodSpec,
): string[] {
  const account = objects.find(({ kind }) => kind === "ServiceAccount");
  const isThere = account !== undefined && account.metadata?.name === serviceAccountName;
  return isThere ? [] : [`there is no account ${serviceAccountName}`];
}
