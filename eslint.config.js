import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const erasableOnly = [
  { selector: "TSEnumDeclaration", message: "An enum is not erasable: use a union of literals." },
  { selector: "TSModuleDeclaration", message: "A namespace is not erasable: use a module." },
  {
    selector: "TSParameterProperty",
    message: "A parameter property is not erasable: use a field.",
  },
];
const namedExports = {
  selector: "ExportAllDeclaration[exported=null]",
  message: "Name what is exported, so that the surface is read in one place.",
};

/** Every export of src/ says what it is. */
const documentedExports = {
  meta: { type: "suggestion", schema: [], messages: { missing: "An export has a doc comment." } },
  create(context) {
    const isDocumented = (node) => {
      const before = context.sourceCode.getCommentsBefore(node).at(-1);
      return before?.type === "Block" && before.value.startsWith("*");
    };
    return {
      "ExportNamedDeclaration[declaration]"(node) {
        if (!isDocumented(node)) context.report({ node, messageId: "missing" });
      },
    };
  },
};

export default defineConfig(
  { ignores: ["dist/", "generated/", "coverage/", "temp/"] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" } },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": ["error", ...erasableOnly, namedExports],
      // `typeof import("...")` types what is loaded at first use.
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/max-params": ["error", { max: 3 }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      "@typescript-eslint/no-meaningless-void-operator": "off",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
      ],
      // The enums there are are those of packages, for numbers that came over the wire.
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      // An async function without await still turns what it throws into a rejection.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["src/**/*.ts"],
    plugins: { local: { rules: { "documented-exports": documentedExports } } },
    rules: {
      "local/documented-exports": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
    },
  },
  {
    // A version's subpath is all of that version.
    files: ["src/protocol/v*.ts"],
    rules: { "no-restricted-syntax": ["error", ...erasableOnly] },
  },
  {
    // Called for every value of a message: an options object each would be felt.
    files: ["src/protocol/json/*.ts"],
    rules: { "@typescript-eslint/max-params": ["error", { max: 4 }] },
  },
  {
    files: ["src/cli/**/*.ts", "scripts/**", "bench/**", "examples/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai asserts by reading a property.
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/max-params": "off",
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    extends: [tseslint.configs.disableTypeChecked],
  },
  {
    files: ["**/*.cjs"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      // Express tells what handles errors by its four parameters.
      "@typescript-eslint/max-params": ["error", { max: 4 }],
    },
  },
);
