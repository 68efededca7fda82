import { type Client, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/client';
import { TaskError } from '../../errors.ts';
import type { SignInOptions } from '../auth/sign-in-options.ts';
import type { ConnectOptions } from '../connect-port.ts';
import type { Connection, Negotiated } from '../connection.ts';
import { ConnectionFailure } from '../connection.ts';
import { identify } from '../identify.ts';
import { UNSUPPORTED_VERSION } from '../revision-check.ts';
import { versionsOffered } from '../wire/handshake.ts';
import { wireOf } from '../wire/host.ts';
import { createClient, declaredQuestions, LateError, PROBE_SHARE, within } from '../wire/open-client.ts';
import { overClient } from '../wire/over-client.ts';
import { retryConnecting } from '../wire/retry-connecting.ts';
import { asTaskError, failureOfConnecting, isLate } from './connecting-errors.ts';
import { createHttpTransport, type HttpSetup } from './http-transport.ts';
import { pollsOf } from './polls-of.ts';

/** Assumed capabilities of a resumed session with tasks: the server is not asked again. */
const SESSION_CAPABILITIES = { tools: {}, tasks: { cancel: {}, requests: { tools: { call: {} } } } };

type OpenOptions = ConnectOptions & SignInOptions & { readonly timeoutMs: number };

/** Settings that differ between attempts. */
interface Attempt {
  readonly isLast?: boolean;
  readonly maySignIn?: boolean;
  /** Protocol version to offer with `initialize`, one that the server named. */
  readonly offer?: string | undefined;
}

export async function openHttp(url: string, options: ConnectOptions & SignInOptions): Promise<Connection> {
  const { timeoutMs = 30_000, signal } = options;
  const startedAt = performance.now();
  const { target } = identify({ kind: 'url', url }, options);
  const shown = target.kind === 'url' ? target.url : url;
  const remaining = (): OpenOptions => ({
    ...options,
    timeoutMs: Math.max(1, timeoutMs - (performance.now() - startedAt)),
  });
  const openSse = async (): Promise<Connection> => (await import('./open-sse.ts')).openSse(url, shown, remaining());
  try {
    if (options.transport === 'sse') return await openSse();
    return await retryConnecting((isLast) => openOnce(url, shown, remaining(), { isLast }), { timeoutMs, signal });
  } catch (error) {
    const older =
      options.transport === undefined && mayBeOlder(error, options)
        ? await openSse().catch(() => undefined)
        : undefined;
    if (older !== undefined) return older;
    if (signal?.aborted || (error instanceof TaskError && error.code === 'aborted')) {
      throw new TaskError('aborted', `Connecting to ${shown} was aborted`);
    }
    if (error instanceof LateError) {
      const passedMs = Math.min(timeoutMs, performance.now() - startedAt);
      const message = `${shown} did not answer within ${Math.round(passedMs / 100) / 10} s`;
      throw new TaskError('unreachable', message, { cause: error });
    }
    throw error;
  }
}

/** Statuses with which HTTP+SSE servers refuse a POST. */
const NO_POST: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 501]);

function mayBeOlder(error: unknown, { sessionId }: ConnectOptions): boolean {
  const failure =
    error instanceof TaskError && error.cause instanceof ConnectionFailure ? error.cause.failure : undefined;
  return sessionId === undefined && failure?.kind === 'http' && NO_POST.has(failure.status);
}

async function openOnce(url: string, shown: string, options: OpenOptions, attempt: Attempt): Promise<Connection> {
  const { timeoutMs, signal, sessionId, revision, hostTasks, answers, skipDiscovery = false } = options;
  const { isLast = false, maySignIn = true, offer } = attempt;
  const session = sessionId === undefined || revision === undefined ? undefined : { sessionId, revision };
  const discovery = {
    discoveryMs: timeoutMs * PROBE_SHARE,
    isLastAttempt: isLast,
    onSilence: options.onDiscoverySilence,
  };
  const http = createHttpTransport(url, options, discovery, session);
  const hosted = { answers, ...(hostTasks === undefined ? {} : { hostTasks }) };
  const mode = skipDiscovery || offer !== undefined ? 'legacy' : 'auto';
  const client = createClient({ timeoutMs, mode, offer, ...hosted });
  const fail = (error: unknown): never => {
    if (isLate(error)) throw new LateError('late');
    throw asTaskError(error, shown, failureOfConnecting(error, http.lastFacts()));
  };
  const identity = identify({ kind: 'url', url }, options);
  if (session !== undefined) {
    const resumed = await resumeSession(client, http, { ...options, ...session, identity }, fail);
    if (resumed !== undefined) return resumed;
    return openOnce(url, shown, { ...options, sessionId: undefined, revision: undefined }, attempt);
  }
  try {
    const connecting = client.connect(http.transport, { timeout: timeoutMs });
    await within(connecting, () => client.close(), { timeoutMs, signal });
  } catch (error) {
    const named = versionsOffered(failureOfConnecting(error, http.lastFacts()));
    const other = SUPPORTED_PROTOCOL_VERSIONS.find((version) => named.includes(version));
    if (offer === undefined && other !== undefined) return openOnce(url, shown, options, { ...attempt, offer: other });
    if (!maySignIn || !(await http.signIn.recover(error).catch(fail))) return fail(error);
    return openOnce(url, shown, options, { ...attempt, maySignIn: false });
  }
  const { run, isWaiting } = http.signIn;
  const version = client.getNegotiatedProtocolVersion() ?? '';
  const polls = pollsOf(wireOf(client), version, { ...http.address, isWaiting }, options);
  const asked = declaredQuestions(hostTasks);
  return overClient(client, { identity, hostTasks: hostTasks !== undefined }, { run, isWaiting, polls, asked });
}

interface SessionOptions extends OpenOptions {
  readonly sessionId: string;
  readonly revision: string;
  readonly identity: Connection['identity'];
}

/**
 * Resumes a 2025-11-25 session of another process or an earlier connection. Undefined if the server no longer speaks
 * that revision.
 */
async function resumeSession(
  client: Client,
  { transport, signIn, address }: HttpSetup,
  options: SessionOptions,
  fail: (error: unknown) => never,
): Promise<Connection | undefined> {
  const { identity, revision, sessionId, hostTasks, timeoutMs, signal } = options;
  await client.connect(transport).catch(fail);
  const negotiated: Negotiated = {
    revision,
    server: { name: identity.label, version: '' },
    capabilities: SESSION_CAPABILITIES,
    sessionId,
  };
  const { run, isWaiting } = signIn;
  const polls = pollsOf(wireOf(client), revision, { ...address, isWaiting }, options);
  const connection = overClient(
    client,
    { identity, hostTasks: hostTasks !== undefined },
    { run, isWaiting, polls, negotiated, asked: declaredQuestions(hostTasks) },
  );
  try {
    await connection.request('ping', {}, { timeoutMs, signal });
  } catch (error) {
    const failure = error instanceof ConnectionFailure ? error.failure : undefined;
    const isOfRevision = failure?.kind === 'rpc' && failure.code === UNSUPPORTED_VERSION;
    // A lost session is reported by its tasks, not by the connection.
    const isUsable = failure?.kind === 'session-gone' || (failure?.kind === 'rpc' && !isOfRevision);
    if (!isUsable) await connection.close({ keepSession: isOfRevision });
    if (isOfRevision) return undefined;
    if (!isUsable) fail(error);
  }
  // The stream for server requests outside a client request. Servers may refuse it, or a second one.
  void transport.resumeStream('').catch(() => undefined);
  return connection;
}
