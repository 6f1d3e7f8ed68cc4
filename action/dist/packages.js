import { registerHooks } from "node:module";
// action/bundled.ts
/** Packages that the action brings along, so that a change that touches no model costs no installation. See `make action`. */
const BUNDLED = [
	"csv-parse/sync",
	"d3-array",
	"d3-format",
	"d3-scale",
	"d3-shape",
	"octokit",
	"string-width",
	"undici",
	"yaml",
	"zod"
];
// action/packages.ts
const folder = new URL("packages/", import.meta.url);
/** Lets our sources find them: `node --import action/dist/packages.js`. */
registerHooks({ resolve: (specifier, context, next) => BUNDLED.some((name) => name === specifier) ? {
	url: new URL(`${specifier}.js`, folder).href,
	format: "module",
	shortCircuit: true
} : next(specifier, context) });
export {};
