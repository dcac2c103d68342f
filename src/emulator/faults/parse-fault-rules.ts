import { codeNumbers, VisionBatchError } from "../../errors/index.ts";
import { isPlainJson, type PlainJson } from "../plain-json.ts";
import type { FaultRule, FaultService } from "./fault-rule.ts";

type Check = (value: unknown) => string | undefined;

const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.map(String).join(", ")}`;

const count: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 1 ? undefined : "must be an integer from 1";

const counts: Check = (value) =>
  Array.isArray(value) && value.length > 0 ? value.map(count).find(Boolean) : count(value);

const from0: Check = (value) =>
  typeof value === "number" && value >= 0 && Number.isFinite(value)
    ? undefined
    : "must be a number from 0";

const probability: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1
    ? undefined
    : "must be a number from 0 to 1";

const text: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : "must be a string that is not empty";

const status: Check = (value) => {
  if (!isPlainJson(value)) return "must be an object { code, message, details }";
  const { code, message, details } = value;
  if (typeof code !== "string" || !Object.hasOwn(codeNumbers, code)) {
    return `has the code ${JSON.stringify(code)}; it must be one of ${Object.keys(codeNumbers).join(", ")}`;
  }
  if (typeof message !== "string" && message !== undefined)
    return "has a message that is no string";
  const wellFormed =
    details === undefined ||
    (Array.isArray(details) &&
      details.every((one) => isPlainJson(one) && typeof one["@type"] === "string"));
  return wellFormed ? undefined : 'has details that are not a list of objects with "@type"';
};

const checks: Readonly<Record<keyof FaultRule, Check>> = {
  service: oneOf("vision", "operations", "storage"),
  method: text,
  nth: counts,
  probability,
  times: count,
  when: oneOf("beforeAcceptance", "afterAcceptance", "operation", "output"),
  status,
  delayMs: from0,
  dropConnection: oneOf(true, false, "beforeHeaders", "afterHeaders", "afterResponse"),
  afterBytes: from0,
  shard: oneOf("missing", "truncated"),
};

/**
 * Checks a fault script: a list of rules, or `{ "rules": [...] }`.
 * @throws VisionBatchError that lists everything that is wrong with it.
 */
export function parseFaultRules(script: unknown): readonly FaultRule[] {
  const rules = isPlainJson(script) ? script["rules"] : script;
  if (!Array.isArray(rules)) {
    throw new VisionBatchError('a fault script is a list of rules or { "rules": [...] }');
  }
  const problems = rules.flatMap((rule: unknown, index) =>
    isPlainJson(rule) ? ruleProblems(rule, index) : [`rule ${index} is not an object`],
  );
  if (problems.length > 0) {
    throw new VisionBatchError(`the fault script cannot be used: ${problems.join("; ")}`);
  }
  return (rules as PlainJson[]).map(withMessage);
}

function ruleProblems(rule: PlainJson, index: number): readonly string[] {
  const problems = Object.entries(rule).flatMap(([field, value]) => {
    if (!Object.hasOwn(checks, field)) {
      return [
        `rule ${index} has an unknown field ${field} (known: ${Object.keys(checks).join(", ")})`,
      ];
    }
    const problem = checks[field as keyof FaultRule](value);
    return problem === undefined ? [] : [`rule ${index}: ${field} ${problem}`];
  });
  return [...problems, ...combinationProblems(rule).map((problem) => `rule ${index} ${problem}`)];
}

function combinationProblems(rule: PlainJson): readonly string[] {
  return rule["when"] === "output" ? outputProblems(rule) : callProblems(rule);
}

/** Of a rule about shards, which are no calls. */
function outputProblems(rule: PlainJson): readonly string[] {
  const { shard, service } = rule;
  const others = ["status", "delayMs", "dropConnection", "afterBytes"];
  const given = others.filter((field) => rule[field] !== undefined);
  const problems: string[] = [];
  if (shard === undefined) problems.push('has when "output" and no shard');
  if (given.length > 0)
    problems.push(`has when "output", with which ${given.join(", ")} cannot go`);
  if (service !== undefined && service !== "vision") {
    problems.push('has when "output", which is only for service "vision"');
  }
  return problems;
}

function callProblems(rule: PlainJson): readonly string[] {
  const { when, status: answered, dropConnection, delayMs } = rule;
  const drops = dropConnection !== undefined && dropConnection !== false;
  const isOk = isPlainJson(answered) && answered["code"] === "OK";
  const problems: string[] = [];
  if (rule["shard"] !== undefined) problems.push('has a shard, which is only for when "output"');
  if (answered === undefined && !drops && delayMs === undefined) {
    problems.push("does nothing: give it a status, delayMs or dropConnection");
  }
  if (answered !== undefined && drops) problems.push("has both a status and dropConnection");
  if (when === "operation" && answered === undefined) {
    problems.push('has when "operation" and no status');
  }
  if (
    when === "operation" &&
    (drops || !["vision", undefined].includes(rule["service"] as FaultService | undefined))
  ) {
    problems.push('has when "operation", which is only for the status of a submit');
  }
  if (rule["afterBytes"] !== undefined && (rule["service"] !== "storage" || !drops)) {
    problems.push('has afterBytes, which is only for service "storage" with dropConnection');
  }
  if (
    dropConnection === "afterResponse" &&
    (when !== "afterAcceptance" ||
      !["vision", "operations"].includes(rule["service"] as FaultService))
  ) {
    problems.push(
      'has dropConnection "afterResponse", which needs when "afterAcceptance" and service "vision" or "operations"',
    );
  }
  if (when !== "operation" && isOk) problems.push('has the code OK, which is only for "operation"');
  return problems;
}

function withMessage(rule: PlainJson): FaultRule {
  const given = rule["status"];
  if (!isPlainJson(given) || given["message"] !== undefined) return rule;
  return { ...rule, status: { ...given, message: "injected fault" } } as FaultRule;
}
