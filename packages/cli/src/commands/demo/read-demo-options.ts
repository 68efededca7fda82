import { CliError } from '../../cli-error.ts';
import { type DemoOptions, needsHttp, parseChaos } from '../../demo/index.ts';
import { isLoopback } from '../../mcp-server/guard.ts';
import { isRevision, REVISIONS } from '../../mcp-server/revision.ts';
import type { DemoFlags } from './demo-flags.ts';

/** Minimum token length on a network interface, in characters: others can guess tokens there. */
const MIN_TOKEN_LENGTH = 16;

export function readDemoOptions(flags: DemoFlags): DemoOptions {
  const { host, token, revision } = flags;
  const tasks = tasksDirectoryOf(flags);
  const chaos = parseChaos(flags.chaos ?? '');
  if (!chaos.ok) throw new CliError('usage', chaos.message);
  const [odd] = flags.stdio === true ? needsHttp(chaos.chaos) : [];
  if (odd !== undefined) {
    throw new CliError('usage', `--chaos ${odd} works over HTTP only`, 'Leave --stdio out, or that setting.');
  }
  if (token !== undefined) checkToken(token, host);
  if (host !== undefined && !isLoopback(host) && token === undefined) {
    throw new CliError('usage', `Serving on ${host} lets other machines in`, 'Require a token: --token SECRET');
  }
  return {
    chaos: chaos.chaos,
    conformance: flags.conformance === true,
    ...(flags.port === undefined ? {} : { port: readPort(flags.port) }),
    ...(flags.speed === undefined ? {} : { speed: readNumber('speed', flags.speed, 1_000) }),
    ...(host === undefined ? {} : { host }),
    ...(token === undefined ? {} : { token }),
    ...(tasks === undefined ? {} : { storeDirectory: tasks }),
    ...(revision === undefined ? {} : { revision: readRevision(revision) }),
  };
}

/** `--tasks`, or its earlier name `--store`. */
export function tasksDirectoryOf({ tasks, store }: DemoFlags): string | undefined {
  if (tasks !== undefined && store !== undefined) {
    throw new CliError('usage', '--store is the earlier name of --tasks', 'Give only --tasks.');
  }
  const directory = tasks ?? store;
  if (directory?.trim() !== '') return directory;
  throw new CliError(
    'usage',
    `--${tasks === undefined ? 'store' : 'tasks'} is empty`,
    'Name a directory, or leave it out.',
  );
}

function checkToken(token: string, host: string | undefined): void {
  if (token.trim() === '')
    throw new CliError('usage', '--token is empty', 'Give a token, or leave --token out to require none.');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CliError('usage', '--token has a character that an HTTP header cannot carry', 'Use letters and digits.');
  }
  if (host !== undefined && !isLoopback(host) && token.length < MIN_TOKEN_LENGTH) {
    throw new CliError(
      'usage',
      `Serving on ${host} lets other machines in, and a token of ${token.length} characters can be guessed`,
      `Use ${MIN_TOKEN_LENGTH} or more: --token "$(openssl rand -hex 16)"`,
    );
  }
}

function readRevision(text: string): NonNullable<DemoOptions['revision']> {
  if (isRevision(text)) return text;
  throw new CliError('usage', `--revision takes ${REVISIONS.join(' or ')}, not "${text}"`);
}

function readPort(text: string): number {
  if (/^\d+$/.test(text)) return readNumber('port', text, 65_535);
  throw new CliError('usage', `--port takes a whole number from 0 to 65535, not "${text}"`);
}

function readNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number) && number >= 0 && number <= max) return number;
  throw new CliError('usage', `--${name} takes a number from 0 to ${max}, not "${text}"`);
}
