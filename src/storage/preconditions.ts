/** Conditions on the live generation of an object, each a decimal int64; a missing object has generation `"0"`. */
export interface Preconditions {
  readonly ifGenerationMatch?: string | undefined;
  readonly ifGenerationNotMatch?: string | undefined;
  readonly ifMetagenerationMatch?: string | undefined;
  readonly ifMetagenerationNotMatch?: string | undefined;
}

/** The two numbers that {@link Preconditions} are about. */
export interface Versioned {
  readonly generation: string;
  readonly metageneration: string;
}

/** The name of the first condition that does not hold, or undefined when all hold. */
export function failedPrecondition(
  conditions: Preconditions,
  current: Versioned | undefined,
): keyof Preconditions | undefined {
  const generation = current?.generation ?? "0";
  const metageneration = current?.metageneration ?? "0";
  if (differs(conditions.ifGenerationMatch, generation)) return "ifGenerationMatch";
  if (differs(conditions.ifMetagenerationMatch, metageneration)) return "ifMetagenerationMatch";
  if (equals(conditions.ifGenerationNotMatch, generation)) return "ifGenerationNotMatch";
  if (equals(conditions.ifMetagenerationNotMatch, metageneration)) {
    return "ifMetagenerationNotMatch";
  }
  return undefined;
}

function differs(wanted: string | undefined, actual: string): boolean {
  return wanted !== undefined && wanted !== actual;
}

function equals(unwanted: string | undefined, actual: string): boolean {
  return unwanted !== undefined && unwanted === actual;
}
