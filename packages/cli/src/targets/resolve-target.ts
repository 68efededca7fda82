import { resolve } from 'node:path';
import { own, type Target } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { DEMO, demoTarget } from './demo-target.ts';
import { readClient, readEnv, readHeaders } from './read-connect-flags.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';
import { TARGET_HINT } from './target-hint.ts';
import { urlWords } from './url-words.ts';

const AGENT_HINT = 'Write a2a:https://agent.example';

export interface TargetWords {
  /** A URL, a host, a name, or `demo`. */
  readonly text?: string | undefined;
  /** The words after `--`. */
  readonly command?: readonly string[] | undefined;
}

/** Expands an alias, unless a command follows it: two targets are refused. Its result is not expanded again. */
function expandAlias(words: TargetWords, { settings }: Context): TargetWords {
  const hasCommand = words.command !== undefined && words.command.length > 0;
  const meant = words.text === undefined || hasCommand ? undefined : own(settings?.aliases ?? {}, words.text);
  if (meant === undefined) return words;
  return typeof meant === 'string' ? { ...words, text: meant } : { command: meant };
}

/** Resolves the words of a command line to a target. An alias becomes the label of its target. */
export async function resolveTarget(
  words: TargetWords,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget> {
  const expanded = expandAlias(words, context);
  const resolved = await resolveWords(expanded, flags, context);
  if (expanded === words || words.text === undefined || resolved.isDemo) return resolved;
  return { ...resolved, label: words.text };
}

async function resolveWords(
  { text, command }: TargetWords,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget> {
  if (command !== undefined && command.length > 0) {
    if (text !== undefined)
      throw new CliError('usage', `Two targets: ${text}, and the command after --`, 'Give one of them.');
    return commandTarget(command, flags, context);
  }
  if (text === undefined) throw new CliError('usage', 'No target given', TARGET_HINT);
  const protocol = /^a2a:/.exec(text) === null ? undefined : 'a2a';
  const place = protocol === undefined ? text : text.slice('a2a:'.length);
  const url = readUrl(place) ?? (protocol === undefined ? undefined : readHost(place));
  if (url !== undefined) return urlTarget(url, flags, context, protocol);
  if (protocol !== undefined) throw new CliError('target-invalid', `"${place}" is not the URL of an agent`, AGENT_HINT);
  const { findConfigured, noteHiddenDemo } = await import('./find-configured.ts');
  if (text === DEMO) {
    await noteHiddenDemo(text, context);
    return demoTarget(context);
  }
  const configured = await findConfigured(text, flags, context);
  if (configured !== undefined) return configured;
  const guessed = readHost(text);
  if (guessed !== undefined) return urlTarget(guessed, flags, context);
  const { unknownName } = await import('./find-configured.ts');
  throw await unknownName(text, context);
}

function commandTarget(words: readonly string[], flags: ConnectFlags, context: Context): ResolvedTarget {
  const [command = '', ...args] = words;
  const cwd = flags.cwd === undefined ? undefined : resolve(context.cwd, flags.cwd);
  const target: Target = { kind: 'command', command, args, ...(cwd === undefined ? {} : { cwd }) };
  return { target, headers: {}, env: readEnv(flags), isDemo: false, words: ['--', ...words] };
}

function urlTarget(url: URL, flags: ConnectFlags, context: Context, protocol?: string): ResolvedTarget {
  if (url.username !== '' || url.password !== '') {
    throw new CliError(
      'target-invalid',
      'The URL holds a password, and URLs are recorded',
      'Pass it with -H or --token-env.',
    );
  }
  const target = { kind: 'url', url: url.href, ...(protocol === undefined ? {} : { protocol }) } as const;
  const headers = readHeaders(flags, context);
  return { target, headers, client: readClient(flags, context), env: {}, isDemo: false, words: [urlWords(target)] };
}

function readUrl(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text)) {
    const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
    if (scheme === undefined) return undefined;
    throw new CliError('target-invalid', `${scheme}: is not supported`, 'Use http:// or https://.');
  }
  if (URL.canParse(text)) return new URL(text);
  throw new CliError('target-invalid', `"${text}" is not a URL`, TARGET_HINT);
}

const LOCAL = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?=[:/]|$)/i;

/** A bare host means https; a local one means http. */
function readHost(text: string): URL | undefined {
  const isLocal = LOCAL.test(text);
  if (!isLocal && !/^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:\/|$)/.test(text)) return undefined;
  const url = `${isLocal ? 'http' : 'https'}://${text}`;
  return URL.canParse(url) ? new URL(url) : undefined;
}
