import {
  createRegistry,
  type DescExtension,
  type DescFile,
  type DescMethod,
  type DescService,
  getOption,
  hasOption,
} from "@bufbuild/protobuf";
import type { HttpBinding } from "./method-overlay.ts";

/** Reads Google's options of services and methods. */
export interface OptionReader {
  defaultHost(service: DescService): string;
  scopes(service: DescService): string[];
  http(method: DescMethod): HttpBinding[];
  operation(method: DescMethod): { responseType: string; metadataType: string } | undefined;
}

interface OperationInfo {
  readonly responseType: string;
  readonly metadataType: string;
}

interface HttpRule {
  readonly pattern: { readonly case?: HttpBinding["verb"]; readonly value?: string };
  readonly body: string;
  readonly additionalBindings: readonly HttpRule[];
}

/** A reader over the extensions that the files themselves declare. */
export function createOptionReader(files: readonly DescFile[]): OptionReader {
  const registry = createRegistry(...files);
  const extension = (name: string): DescExtension => {
    const found = registry.getExtension(name);
    if (found === undefined) throw new Error(`the descriptors lack the option ${name}`);
    return found;
  };
  const defaultHost = extension("google.api.default_host");
  const oauthScopes = extension("google.api.oauth_scopes");
  const http = extension("google.api.http");
  const operationInfo = extension("google.longrunning.operation_info");
  return {
    defaultHost: (service) => getOption(service, defaultHost) as string,
    scopes: (service) => (getOption(service, oauthScopes) as string).split(",").filter(Boolean),
    http: (method) => {
      const rule: unknown = getOption(method, http);
      return hasOption(method, http) ? bindings(rule as HttpRule) : [];
    },
    operation: (method) => {
      if (!hasOption(method, operationInfo)) return undefined;
      const info: unknown = getOption(method, operationInfo);
      const { responseType, metadataType } = info as OperationInfo;
      const qualified = (name: string): string =>
        name.includes(".") ? name : `${method.parent.file.proto.package}.${name}`;
      return {
        responseType: qualified(responseType),
        metadataType: qualified(metadataType),
      };
    },
  };
}

function bindings(rule: HttpRule): HttpBinding[] {
  const { case: verb, value: path } = rule.pattern;
  if (verb === undefined || path === undefined) throw new Error("an HTTP rule without a pattern");
  const own = { verb, path, ...(rule.body === "" ? {} : { body: rule.body }) };
  return [own, ...rule.additionalBindings.flatMap(bindings)];
}
