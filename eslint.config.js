import js from "@eslint/js";
import compat from "eslint-plugin-compat";
import jsdoc from "eslint-plugin-jsdoc";
import globals from "globals";

/** What tsc can't see, or sees only where somebody thinks of a type. */
const STRICT = {
  "consistent-return": "error",
  curly: ["error", "multi-line"],
  eqeqeq: "error",
  "no-implicit-coercion": "error",
  "no-param-reassign": "error",
  "no-shadow": "error",
  "no-unused-vars": ["error", { ignoreRestSiblings: true }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "error",
};

export default [
  { ignores: ["staticfiles/", "comments/static/comments/bundle/", "test-results/", ".venv/"] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: STRICT,
  },
  {
    files: ["comments/static/**/*.js"],
    plugins: { compat, jsdoc },
    // What the browsers of package.json lack is not used, or asked for before.
    settings: { lintAllEsApis: true, polyfills: ["navigator.locks", "navigator.cookieEnabled"] },
    rules: {
      "compat/compat": "error",
      "no-restricted-globals": ["error", "structuredClone", "requestIdleCallback"],
      "jsdoc/check-param-names": ["error", { checkDestructured: false }],
      "jsdoc/check-tag-names": ["error", { typed: false }],
      "jsdoc/reject-any-type": "error",
      "jsdoc/reject-function-type": "error",
      "max-lines": ["error", 300],
      "no-console": ["error", { allow: ["error"] }],
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.object.name=Object][callee.property.name=assign] > ThisExpression",
          message: "Name what is assigned: tsc can't see through Object.assign(this, …).",
        },
        {
          selector: "CallExpression[callee.property.name=/^(at|findLast|findLastIndex|hasOwn|timeout|any|canParse)$/]",
          message: "Safari 15 lacks it.",
        },
        { selector: "ObjectExpression > SpreadElement > ThisExpression", message: "Pass what is needed by its name." },
      ],
    },
  },
];
