import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { ServerIdentity, Target } from '../task/record.ts';
import { scriptLabel } from './script-label.ts';

const SECRET_PARAMETER = /key|token|secret|passw|auth|credential|signature|^sig$|^code$/i;

/** The URL to store and show: without user, password, and parameters that look like secrets. */
function withoutSecrets(url: string): string {
  // A template (a variable as its port, for example) is not a URL until it is filled in.
  if (!URL.canParse(url)) return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.hash = '';
  for (const name of [...parsed.searchParams.keys()]) {
    if (SECRET_PARAMETER.test(name)) parsed.searchParams.delete(name);
  }
  return parsed.href;
}

const RUNNERS = new Set([
  'cmd',
  'npx',
  'pnpx',
  'bunx',
  'uvx',
  'pipx',
  'pnpm',
  'yarn',
  'bun',
  'deno',
  'uv',
  'docker',
  'npm',
]);
const INTERPRETERS = new Set(['node', 'tsx', 'python', 'python3', 'ruby', 'sh', 'bash']);
const RUNNER_VERBS = new Set(['run', 'dlx', 'exec', 'x', 'tool']);

/** Labels a command by the package or script behind the runner. */
function commandLabel({ command, args, cwd }: Extract<Target, { kind: 'command' }>): string {
  const name = basename(command).replace(/\.(exe|cmd)$/i, '');
  if (!RUNNERS.has(name) && !INTERPRETERS.has(name)) return name;
  const isShell = name === 'cmd';
  const isOfRunner = (arg: string): boolean => RUNNER_VERBS.has(arg) || (isShell && (arg === '/c' || RUNNERS.has(arg)));
  const what = args.find((arg) => !arg.startsWith('-') && !isOfRunner(arg));
  if (what === undefined) return name;
  if (INTERPRETERS.has(name) || /^[./~]/.test(what)) return scriptLabel(what, cwd);
  return what.replace(/(?<=.)@[^/]*$/, '');
}

function labelOf(target: Target): string {
  if (target.kind === 'url') return URL.canParse(target.url) ? new URL(target.url).host : target.url;
  return target.kind === 'command' ? commandLabel(target) : target.name;
}

/** Identifies an agent by its address; the path of its card does not count. */
function placeOf({ url, protocol }: Extract<Target, { kind: 'url' }>): string {
  return protocol === undefined ? url : url.replace(/\/\.well-known\/[^/]+\.json$/, '');
}

/** Identity of a target, without connecting: the part that may be stored, a fingerprint, and a label for people. */
export function identify(
  target: Target,
  options: { readonly label?: string | undefined; readonly account?: string | undefined } = {},
): ServerIdentity {
  const stored: Target = target.kind === 'url' ? { ...target, url: withoutSecrets(placeOf(target)) } : target;
  const parts =
    stored.kind === 'url'
      ? [stored.protocol ?? 'url', stored.url]
      : stored.kind === 'command'
        ? ['command', stored.command, ...stored.args, stored.cwd ?? '']
        : ['host', stored.name];
  const fingerprint = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  const { label = labelOf(stored), account } = options;
  return { fingerprint, label, target: stored, ...(account === undefined ? {} : { account }) };
}
