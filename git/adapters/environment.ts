/** Variables as a process hands them over; the composition root passes its own in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What git may inherit: how to find programs, the user's settings, and how to reach a remote. Nothing else: inside a hook,
 * GIT_DIR and GIT_INDEX_FILE would silently turn every command to another repository.
 */
const INHERITED = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  'TMPDIR',
  'SSH_AUTH_SOCK',
  'GIT_SSH',
  'GIT_SSH_COMMAND',
  'GIT_SSH_VARIANT',
  'GIT_ASKPASS',
  'SSH_ASKPASS',
  'GIT_SSL_CAINFO',
  'SSL_CERT_FILE',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'no_proxy',
  'NO_PROXY',
] as const;

const FIXED = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  // Paths are names here, never patterns.
  GIT_LITERAL_PATHSPECS: '1',
  // refs/replace could put other objects in the place of those that were judged.
  GIT_NO_REPLACE_OBJECTS: '1',
  // A look at a repository must not write to it.
  GIT_OPTIONAL_LOCKS: '0',
};

/** Settings of a user or a repository that would run programs of theirs, change bytes, or lose them in a crash. */
const SETTINGS: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.autocrlf': 'false',
  'core.quotePath': 'false',
  'core.fsync': 'loose-object,pack,reference',
  // Held for a few milliseconds; on a machine that does twenty other things, for longer.
  'core.filesRefLockTimeout': '5000',
  // A pack appears whole; loose objects come one by one, and a commit whose tree is yet to come looks as if it were there.
  'fetch.unpackLimit': '1',
  'transfer.unpackLimit': '1',
  'i18n.commitEncoding': 'UTF-8',
  'maintenance.auto': 'false',
  'gc.auto': '0',
  'protocol.ext.allow': 'never',
};

export const settingArguments: readonly string[] = Object.entries(SETTINGS).flatMap(([name, value]) => [
  '-c',
  `${name}=${value}`,
]);

export function gitEnvironment(outer: Environment): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (outer[name] === undefined ? [] : [[name, outer[name]] as const]));
  return { ...Object.fromEntries(inherited), ...FIXED };
}
