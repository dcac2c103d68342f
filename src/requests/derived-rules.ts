import type { FieldInfo, TypeRegistry } from "../protocol/json/type-registry.ts";
import type { ProblemLog } from "./problem-log.ts";
import {
  bytes,
  flag,
  float,
  int32,
  kindOf,
  list,
  message,
  numeric,
  required,
  text,
  type Checked,
  type Rule,
} from "./rules.ts";

/** What is asked of a field beside its type. */
export interface Constraint {
  /** What is expected of a field that must be there. */
  readonly required?: string;
  /** Looks at the text of a string that is not empty. */
  readonly text?: (value: string, log: ProblemLog) => void;
  /** Looks at a list before its items. */
  readonly list?: (items: readonly unknown[], log: ProblemLog) => void;
  /** Looks at a message whose fields have been looked at. */
  readonly message?: (message: Checked, log: ProblemLog) => void;
  /** The range of an int32, where it is not that of the type. */
  readonly range?: { readonly min: number; readonly max: number };
}

/** The constraint of a field, by its path in the request without indices, e.g. `product.displayName`. */
export type Constraints = (path: string) => Constraint | undefined;

/** Derives the rule of a message from the tables of the JSON codec; names of fields are ts-proto's. */
export function deriveRule(
  registry: TypeRegistry,
  typeName: string,
  constraints: Constraints,
): Rule {
  return ruleOfMessage(typeName, "", { registry, constraints });
}

interface Context {
  readonly registry: TypeRegistry;
  readonly constraints: Constraints;
}

function ruleOfMessage(typeName: string, path: string, context: Context): Rule {
  const fields = context.registry.fieldsOf(typeName);
  if (fields === undefined) throw new Error(`there is no table of ${typeName}`);
  const rules = fields.map((field): [string, Rule] => {
    const at = path === "" ? field.localName : `${path}.${field.localName}`;
    return [field.localName, ruleOfField(field, at, context)];
  });
  const own = context.constraints(path)?.message;
  const oneofs = oneofsOf(fields);
  return message(Object.fromEntries(rules), (checked, log) => {
    for (const oneof of oneofs) checkOneof(oneof, checked, log);
    own?.(checked, log);
  });
}

function ruleOfField(field: FieldInfo, path: string, context: Context): Rule {
  const constraint = context.constraints(path);
  const one = ruleOfValue(field, path, context);
  const rule = field.label === "repeated" ? list(one, constraint?.list) : one;
  if (constraint?.required !== undefined) return required(rule, constraint.required);
  // A member of a oneof that is not there must stay so: its default would set the oneof.
  if (field.oneof === undefined) return rule;
  return (value, log) => (value === undefined ? undefined : rule(value, log));
}

function ruleOfValue({ type }: FieldInfo, path: string, context: Context): Rule {
  const constraint = context.constraints(path);
  if (type.kind === "message") {
    if (type.name === "google.protobuf.FieldMask") return maskRule;
    return ruleOfMessage(type.name, path, context);
  }
  switch (type.kind === "scalar" ? type.scalar : "enum") {
    case "string":
      return text(constraint?.text);
    case "int32":
      return numeric({ ...int32, ...constraint?.range });
    case "float":
      return numeric(float);
    case "bool":
      return flag;
    case "bytes":
      return bytes;
    case "int64":
      return int64;
    default:
      throw new Error(`there is no rule for the type of the field ${path}`);
  }
}

const paths = list(text());

/** ts-proto has a field mask as the list of its paths. */
function maskRule(...[value, log]: Parameters<Rule>): unknown {
  return value === undefined ? undefined : paths(value, log);
}

/** ts-proto has 64-bit integers as decimal text. */
function int64(...[value, log]: Parameters<Rule>): unknown {
  if (value === undefined) return "0";
  const isNumber = typeof value === "string" && /^-?\d{1,19}$/.test(value);
  if (!isNumber || BigInt.asIntN(64, BigInt(value)) !== BigInt(value)) {
    log.add(value, `expected a whole number of 64 bits as text, got ${kindOf(value)}`);
  }
  return value;
}

function oneofsOf(fields: readonly FieldInfo[]): readonly (readonly string[])[] {
  const members = fields.filter(({ oneof }) => oneof !== undefined);
  return [...new Set(members.map(({ oneof }) => oneof))].map((oneof) =>
    members.filter((field) => field.oneof === oneof).map(({ localName }) => localName),
  );
}

function checkOneof(names: readonly string[], checked: Checked, log: ProblemLog): void {
  const [first, second] = names.filter((name) => checked[name] !== undefined);
  if (second !== undefined)
    log.addAt(second, checked[second], `${first} is set too: give one of them`);
}
