import { invalidArgument, type FieldViolation } from "../service-error.ts";

/** Collects what is wrong with a request, so that one answer names it all. */
export class Violations {
  readonly #found: FieldViolation[] = [];

  add(field: string, description: string): void {
    this.#found.push({ field, description });
  }

  /** @throws ServiceError INVALID_ARGUMENT with a BadRequest, where anything was added. */
  throwIfAny(): void {
    if (this.#found.length > 0) throw invalidArgument(this.#found);
  }
}
