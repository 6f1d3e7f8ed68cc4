/** Packages that the action brings along, so that a change that touches no model costs no installation. See `make action`. */
export const BUNDLED = [
  'csv-parse/sync',
  'd3-array',
  'd3-format',
  'd3-scale',
  'd3-shape',
  'octokit',
  'string-width',
  'undici',
  'yaml',
  'zod',
] as const;
