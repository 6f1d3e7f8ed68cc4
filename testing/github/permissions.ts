import type { Answer } from './faults.ts';

/** What a token of narrow rights may do: `contents` -> `read`. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

type Rule = { method: string; path: RegExp; needs: readonly [name: string, level: 'read' | 'write'] };

/** What GitHub asks for, as its reference has it ("Permissions required for fine-grained personal access tokens"). The first that fits holds. */
const RULES: readonly Rule[] = [
  { method: 'GET', path: /^\/orgs\/[^/]+\/actions\/runners$/, needs: ['organization_self_hosted_runners', 'read'] },
  { method: 'GET', path: /\/actions\/(organization-)?secrets$/, needs: ['secrets', 'read'] },
  { method: 'GET', path: /\/actions\/(organization-)?variables$/, needs: ['actions_variables', 'read'] },
  { method: 'GET', path: /\/actions\/(runners|permissions\/workflow)$/, needs: ['administration', 'read'] },
  { method: 'GET', path: /\/branches\/.+\/protection$/, needs: ['administration', 'read'] },
  { method: 'GET', path: /\/environments\/[^/]+\/secrets$/, needs: ['environments', 'read'] },
  { method: 'GET', path: /\/environments$/, needs: ['actions', 'read'] },
  { method: 'GET', path: /\/(contents|git\/trees|branches)\//, needs: ['contents', 'read'] },
  { method: 'POST', path: /\/check-runs$/, needs: ['checks', 'write'] },
  { method: 'PATCH', path: /\/check-runs\/\d+$/, needs: ['checks', 'write'] },
  { method: 'POST', path: /\/pulls$/, needs: ['pull_requests', 'write'] },
  { method: 'POST', path: /\/issues\/\d+\/comments$/, needs: ['pull_requests', 'write'] },
  { method: 'POST', path: /\/issues$/, needs: ['issues', 'write'] },
  { method: 'POST', path: /\/deployments$/, needs: ['deployments', 'write'] },
];

/** GitHub's answer to a token that may not, with the header that says what it would take. Null where it may. */
export function forbidden(method: string, pathname: string, permissions: Permissions): Answer | null {
  const path = decodeURIComponent(pathname);
  const rule = RULES.find((each) => each.method === method && each.path.test(path));
  if (rule === undefined) return null;
  const [name, level] = rule.needs;
  if (permissions[name] === level || permissions[name] === 'write') return null;
  return {
    status: 403,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-accepted-github-permissions': `${name}=${level}` },
    body: JSON.stringify({
      message: 'Resource not accessible by integration',
      documentation_url: 'https://docs.github.com/rest',
    }),
  };
}
