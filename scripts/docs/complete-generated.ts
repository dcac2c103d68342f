import {
  Comment,
  Converter,
  DeclarationReflection,
  ReflectionKind,
  type Context,
  type ProjectReflection,
  type Reflection,
} from "typedoc";

/**
 * Tells of generated declarations what the comments of the .proto files cannot: what ts-proto adds to
 * them. Everything else in generated/ has to be documented by its .proto file.
 */
export function completeGenerated(converter: Converter): void {
  // After typedoc has sorted everything by name.
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }: Context) => sortValues(project), -1000);
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }: Context) => {
    for (const declared of project.getReflectionsByKind(told)) {
      const path = project.getSymbolIdFromReflection(declared)?.packagePath;
      if (path === computed) tell(declared, "As the message of the API has it.");
      else if (path?.startsWith("generated/") !== true) continue;
      // Literal types of each value: the constant of the same name shows the values.
      else if (declared.kind === ReflectionKind.Namespace) project.removeReflection(declared);
      else tell(declared, textOf(declared));
    }
  });
}

/** Values of enums stand by their numbers, not by their names. */
function sortValues(project: ProjectReflection): void {
  for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) {
    if (!(variable instanceof DeclarationReflection)) continue;
    const { type } = variable;
    if (type?.type !== "reflection") continue;
    const { children = [], groups = [] } = type.declaration;
    for (const values of [children, ...groups.map((group) => group.children)]) {
      values.sort((one, other) => valueOf(one) - valueOf(other));
    }
  }
}

/** NaN, which leaves the order as it is, for what is no value of an enum. */
function valueOf(member: Reflection): number {
  const type = member instanceof DeclarationReflection ? member.type : undefined;
  return type?.type === "literal" ? Number(type.value) : NaN;
}

const told =
  ReflectionKind.Namespace |
  ReflectionKind.Variable |
  ReflectionKind.Interface |
  ReflectionKind.Property;

/** The path of members that no source has: types have computed them from those of a message. */
const computed = "";

function tell(declared: Reflection, text: string | undefined): void {
  if (text !== undefined) declared.comment ??= new Comment([{ kind: "text", text }]);
}

const codecText =
  "Makes, encodes and decodes such messages: `create(init)`, `encode(message).finish()`, `decode(bytes)`.";
const unknownText =
  "Fields that the .proto files of this version do not have, by tag, as they came; they are written back as they are.";

function textOf({ kind, name, parent }: Reflection): string | undefined {
  if (kind === ReflectionKind.Variable) return codecText;
  const isEntry = (each = "") => each.endsWith("Entry");
  if (kind === ReflectionKind.Interface) {
    return isEntry(name) ? "An entry of the map of that name, as it is on the wire." : undefined;
  }
  if (name === "_unknownFields") return unknownText;
  if (!isEntry(parent?.name)) return undefined;
  return { key: "The key.", value: "What stands under it." }[name];
}
