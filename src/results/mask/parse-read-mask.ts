import type { FieldInfo, TypeRegistry } from "../../protocol/json/type-registry.ts";
import type { MaskNode, Selection } from "./mask-node.ts";
import { nearestField } from "./nearest-field.ts";
import { ReadMaskError } from "../../errors/index.ts";

/** The messages that a mask is held to. */
export interface MaskTypes {
  readonly registry: Pick<TypeRegistry, "fieldsOf">;
  /** The message that paths begin in. */
  readonly typeName: string;
}

/** What is read whatever the mask: what tells which response is whose, and what became of it. */
const alwaysRead = ["context", "error"];

/**
 * Reads a mask in the syntax of google.protobuf.FieldMask: paths joined by commas, names in camelCase
 * or snake_case joined by dots, through lists as through messages; `*` is everything, also at the end
 * of a path. Returns undefined where everything is read.
 * @throws {@link ReadMaskError} for a name that the message does not have, with the nearest that it has.
 */
export function parseReadMask(
  mask: string | readonly string[],
  types: MaskTypes,
): MaskNode | undefined {
  const root: Draft = { typeName: types.typeName, members: new Map() };
  let isAll = false;
  for (const path of pathsOf(mask)) {
    const names = path.split(".");
    if (names.at(-1) === "*") names.pop();
    if (names.length === 0) isAll = true;
    select(root, names, { types, path });
  }
  if (isAll) return undefined;
  for (const name of alwaysRead) root.members.set(name, "all");
  return toNode(root, types);
}

function pathsOf(mask: string | readonly string[]): readonly string[] {
  const texts = typeof mask === "string" ? [mask] : mask;
  return texts.flatMap((text) => text.split(",")).map((path) => path.trim());
}

/** A node that is being made; its members by their JSON names. */
interface Draft {
  readonly typeName: string;
  readonly members: Map<string, "all" | Draft>;
}

function select(
  root: Draft,
  names: readonly string[],
  { types, path }: { readonly types: MaskTypes; readonly path: string },
): void {
  let draft = root;
  for (const [index, name] of names.entries()) {
    const { jsonName, type } = fieldOf(name, draft.typeName, { types, path });
    const known = draft.members.get(jsonName);
    // Whoever asks for a message and for a member of it gets the message.
    if (known === "all") return;
    if (index === names.length - 1) {
      draft.members.set(jsonName, "all");
      return;
    }
    if (type.kind !== "message" || types.registry.fieldsOf(type.name) === undefined) {
      throw new ReadMaskError(path, `${name} has no members that could be chosen`);
    }
    const next = known ?? { typeName: type.name, members: new Map<string, "all" | Draft>() };
    draft.members.set(jsonName, next);
    draft = next;
  }
}

function fieldOf(
  name: string,
  typeName: string,
  { types, path }: { readonly types: MaskTypes; readonly path: string },
): FieldInfo {
  const fields = types.registry.fieldsOf(typeName) ?? [];
  const found = fields.find(({ jsonName, protoName }) => name === jsonName || name === protoName);
  if (found !== undefined) return found;
  const message = typeName.slice(typeName.lastIndexOf(".") + 1);
  const nearest = nearestField(
    name,
    fields.map(({ jsonName }) => jsonName),
  );
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  throw new ReadMaskError(path, `${message} has no field ${JSON.stringify(name)}${hint}`);
}

function toNode(draft: Draft, types: MaskTypes): MaskNode {
  const members = new Map<string, Selection>();
  const known = new Set<string>();
  const lists = new Set<string>();
  for (const { jsonName, protoName, label } of types.registry.fieldsOf(draft.typeName) ?? []) {
    const chosen = draft.members.get(jsonName);
    for (const name of [jsonName, protoName]) {
      known.add(name);
      if (label === "repeated") lists.add(name);
      if (chosen !== undefined) members.set(name, chosen === "all" ? "all" : toNode(chosen, types));
    }
  }
  return { members, known, lists };
}
