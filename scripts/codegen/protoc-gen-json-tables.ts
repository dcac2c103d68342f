import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";
runNodeJs(
  createEcmaScriptPlugin({ name: "protoc-gen-json-tables", version: "1", generateTs() {} }),
);
