import type { MessageTypeDefinition, PackageDefinition } from "@grpc/proto-loader";

/** A type whose proto3 JSON form differs from the objects of proto-loader. */
export type SpecialKind = "any" | "duration" | "fieldMask" | "timestamp" | "wrapper";

/** What is to be done with a field: its value is of a special type, or a message with such fields. */
export type FieldPlan =
  { readonly kind: SpecialKind } | { readonly kind: "message"; readonly fields: MessagePlan };

/** The fields of a message that are to be looked at, by name; the others are the same in both forms. */
export type MessagePlan = ReadonlyMap<string, FieldPlan>;

/** `google.protobuf.DescriptorProto` as proto-loader hands it out. */
interface Descriptor {
  readonly name: string;
  readonly field?: readonly { readonly name: string; readonly typeName?: string }[];
  readonly nestedType?: readonly Descriptor[];
}

const specialKinds: ReadonlyMap<string, SpecialKind> = new Map([
  ["google.protobuf.Any", "any"],
  ["google.protobuf.Duration", "duration"],
  ["google.protobuf.FieldMask", "fieldMask"],
  ["google.protobuf.FloatValue", "wrapper"],
  ["google.protobuf.Timestamp", "timestamp"],
]);

/** Knows, by full name, which fields of a message hold something of a special type, however deep. */
export class WirePlans {
  readonly #descriptors = new Map<string, Descriptor>();
  readonly #plans = new Map<string, MessagePlan>();

  constructor(definition: PackageDefinition) {
    for (const [name, type] of Object.entries(definition)) {
      // A definition with a format is that of a message or an enum; the others are services.
      if (!("format" in type)) continue;
      this.#add(name, (type as MessageTypeDefinition<object, object>).type as Descriptor);
    }
  }

  /** Whether the type was loaded. */
  knows(typeName: string): boolean {
    return this.#descriptors.has(typeName);
  }

  /** The plan of a message; empty for one that is the same in both forms, or is not known. */
  planOf(typeName: string): MessagePlan {
    const known = this.#plans.get(typeName);
    if (known !== undefined) return known;
    const plan = new Map<string, FieldPlan>();
    this.#plans.set(typeName, plan);
    for (const { name, typeName: type = "" } of this.#descriptors.get(typeName)?.field ?? []) {
      const field = type === "" ? undefined : this.#planOfField(this.#resolve(type, typeName));
      if (field !== undefined) plan.set(name, field);
    }
    return plan;
  }

  #planOfField(typeName: string): FieldPlan | undefined {
    const special = specialKinds.get(typeName);
    if (special !== undefined) return { kind: special };
    const fields = this.planOf(typeName);
    return fields.size === 0 ? undefined : { kind: "message", fields };
  }

  #add(name: string, descriptor: Descriptor): void {
    this.#descriptors.set(name, descriptor);
    for (const nested of descriptor.nestedType ?? []) this.#add(`${name}.${nested.name}`, nested);
  }

  /** Names of types are relative; the innermost scope wins. */
  #resolve(typeName: string, from: string): string {
    if (typeName.startsWith(".")) return typeName.slice(1);
    for (
      let scope = from;
      scope !== "";
      scope = scope.slice(0, Math.max(0, scope.lastIndexOf(".")))
    ) {
      if (this.#descriptors.has(`${scope}.${typeName}`)) return `${scope}.${typeName}`;
    }
    return typeName;
  }
}
