import { type Connection, type ConnectOptions, TaskError } from '@mcp-tasks/client';
import type { ConnectionView } from '@mcp-tasks/client/connect';
import { hasAuthorization, signInFor } from '../auth/sign-in.ts';
import { type CommonFlags, type Context, personTerminal } from '../context.ts';
import { commandToPaste, wordToPaste } from '../display/quote-command.ts';
import { safeText } from '../display/safe-text.ts';
import { withAgentHint } from './agent-hint.ts';
import { confirmTarget } from './confirm-target.ts';
import { identifyTarget } from './identify-target.ts';
import { LOGS_WANTED } from './listen-to-logs.ts';
import { createRedaction, redactConnection, redactError } from './redact.ts';
import type { ResolvedTarget } from './resolved-target.ts';
import { createSilentServers } from './silent-servers.ts';

export interface OpenOptions extends Pick<ConnectOptions, 'sessionId' | 'revision' | 'account' | 'signal' | 'answers'> {
  /** Whether a person at this terminal may be asked to sign in. @default true */
  readonly mayAsk?: boolean;
  /** When given, a stdio server that dies is restarted once; called before the restart. */
  readonly onRestart?: ((text: string) => void) | undefined;
}

export async function openConnection(
  resolved: ResolvedTarget,
  context: Context,
  flags: CommonFlags,
  { onRestart, ...options }: OpenOptions = {},
): Promise<Connection> {
  const open = (): Promise<Connection> => openOnce(resolved, context, flags, options);
  const first = await open();
  if (onRestart === undefined || resolved.target.kind !== 'command') return first;
  const { createRelay } = await import('@mcp-tasks/client/connect');
  const { restartOnce } = await import('./record-connection.ts');
  return createRelay({ open, first, ...restartOnce(first.identity.label, onRestart) });
}

async function openOnce(
  resolved: ResolvedTarget,
  context: Context,
  flags: CommonFlags,
  { mayAsk = true, ...options }: Omit<OpenOptions, 'onRestart'>,
): Promise<Connection> {
  await confirmTarget(resolved, context, flags, { mayAsk });
  const redact = createRedaction(resolved.replacements ?? []);
  const { connect, viewOf } = await import('@mcp-tasks/client/connect');
  const signIn = await signInFor(resolved, context, flags, mayAsk);
  const identity = identifyTarget(resolved);
  const silent = createSilentServers(context);
  const isSilent = options.revision === undefined && (await silent.has(identity.fingerprint));
  let saving: Promise<void> | undefined;
  const open = (skipDiscovery: boolean): Promise<Connection> =>
    connect(resolved.target, {
      ...options,
      ...signIn,
      skipDiscovery,
      onDiscoverySilence() {
        saving = silent.add(identity.fingerprint);
      },
      transport: resolved.transport,
      signal: options.signal ?? context.interrupt,
      headers: resolved.headers,
      env: resolved.env,
      ...(resolved.label === undefined ? {} : { label: resolved.label }),
      onStderr(line) {
        if (flags.verbose === true) context.stderr.write(`server: ${safeText(redact(line))}\n`);
      },
    });
  try {
    const connection = await open(isSilent).catch(async (error: unknown) => {
      if (!isSilent || !isRefusal(error)) throw error;
      await silent.remove(identity.fingerprint);
      return open(false);
    });
    await saving;
    const named = viewOf(connection, { identity, ...wantedOf(connection) });
    return resolved.replacements?.length ? redactConnection(named, redact) : named;
  } catch (error) {
    if (context.interrupt.aborted) throw new TaskError('aborted', 'Stopped while connecting; nothing was called');
    if (!isAuthRequired(error)) throw redactError(await withAgentHint(error, resolved, context), redact);
    const wasAsked = mayAsk && personTerminal(context, flags) !== undefined;
    const cause = redactError(error, redact);
    throw new TaskError(error.code, redact(error.message), { hint: signInHint(resolved, wasAsked), cause });
  }
}

/** On 2026-07-28 a server logs only for requests that ask for it. */
function wantedOf({ negotiated, dialect }: Connection): Pick<ConnectionView, 'meta'> {
  const { revision, capabilities } = negotiated;
  const isMcp = (dialect?.protocol ?? negotiated.protocol ?? 'mcp') === 'mcp';
  return isMcp && revision === '2026-07-28' && capabilities.logging !== undefined ? { meta: LOGS_WANTED } : {};
}

/** The server answered the legacy `initialize` without opening a session: it may speak a newer revision now. */
function isRefusal(error: unknown): boolean {
  return error instanceof TaskError && (error.code === 'rpc-error' || error.code === 'invalid-response');
}

function isAuthRequired(error: unknown): error is TaskError {
  return error instanceof TaskError && error.code === 'auth-required';
}

/** The hint for a connection that was refused for lack of authorization. */
function signInHint(resolved: ResolvedTarget, wasAsked: boolean): string {
  if (hasAuthorization(resolved)) return 'The server refused this token. Give another one: --token-env NAME';
  if (resolved.client?.isForPerson === false) return 'Check --client-id and its secret, and what that client may do.';
  const target = commandToPaste(resolved.words);
  if (resolved.client !== undefined) {
    const client = wordToPaste(resolved.client.id);
    return `Sign in at a terminal, with the same flags: mcp-tasks tools ${target} --client-id ${client} …`;
  }
  if (wasAsked) return 'Sign-in failed. Give a token: --token-env NAME, or a client: --client-id ID';
  return `Sign in at a terminal: mcp-tasks tools ${target} — or give a token: --token-env NAME`;
}
