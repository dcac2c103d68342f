import { matchHttpPath } from "../../protocol/http-binding.ts";
import type { HttpBinding } from "../../protocol/method-table.ts";
import type { EmulatedMethod } from "../emulated-call.ts";
import type { PlainJson } from "../plain-json.ts";

/** A method found by its HTTP binding. */
export interface RoutedMethod {
  readonly method: EmulatedMethod;
  readonly binding: HttpBinding;
  /** The fields that stand in the path. */
  readonly fields: PlainJson;
}

/** Finds methods by verb and path. */
export class MethodRouter {
  readonly #routes: readonly { readonly method: EmulatedMethod; readonly binding: HttpBinding }[];

  constructor(methods: readonly EmulatedMethod[]) {
    this.#routes = methods.flatMap((method) =>
      method.entry.http.map((binding) => ({ method, binding })),
    );
  }

  /** The method of a verb (any case) and a path without its query; undefined where there is none. */
  find(verb: string, path: string): RoutedMethod | undefined {
    const wanted = verb.toLowerCase();
    for (const { method, binding } of this.#routes) {
      const fields = binding.verb === wanted ? matchHttpPath(binding, path) : undefined;
      if (fields !== undefined) return { method, binding, fields };
    }
    return undefined;
  }
}
