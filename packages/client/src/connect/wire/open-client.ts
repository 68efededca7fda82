import { Client, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/client';
import { MAX_TIMER_MS } from '../../machine/poll-pace.ts';
import type { JsonObject } from '../../task/json.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { TASKS_EXTENSION } from './connection-over.ts';

/** Share of the timeout for discovery, which may include a package download; the rest is for the older handshake. */
export const PROBE_SHARE = 0.5;

export interface OwnClientOptions {
  readonly timeoutMs: number;
  /** The SDK's own timeout of `server/discover`, in ms. @default `timeoutMs` */
  readonly probeMs?: number;
  readonly mode?: 'auto' | 'legacy';
  /** Protocol version to offer with `initialize`. @default the newest with `initialize` */
  readonly offer?: string | undefined;
  readonly hostTasks?: ConnectOptions['hostTasks'];
  readonly answers?: ConnectOptions['answers'] | undefined;
}

/** Capabilities for questions as tasks, which the server polls. */
function hosting(kinds: NonNullable<ConnectOptions['hostTasks']>) {
  const isAsked = (kind: (typeof kinds)[number]): boolean => kinds.includes(kind);
  const elicitation = isAsked('elicitation') ? { elicitation: { create: {} } } : {};
  const sampling = isAsked('sampling') ? { sampling: { createMessage: {} } } : {};
  return {
    ...(isAsked('sampling') ? { sampling: {} } : {}),
    tasks: { list: {}, cancel: {}, requests: { ...elicitation, ...sampling } },
  };
}

/** Questions that this client declares; a server must not send others. */
export function declaredQuestions(hostTasks: ConnectOptions['hostTasks'] = []): ReadonlySet<string> {
  return new Set(['elicitation/create', ...(hostTasks.includes('sampling') ? ['sampling/createMessage'] : [])]);
}

export function createClient({
  timeoutMs,
  probeMs = timeoutMs,
  mode = 'auto',
  offer,
  hostTasks = [],
  answers,
}: OwnClientOptions): Client {
  const client = new Client(
    { name: 'mcp-tasks', version: '0.1.0' },
    {
      capabilities: {
        elicitation: { form: {}, url: {} },
        extensions: { [TASKS_EXTENSION]: {} },
        ...(answers?.methods.includes('sampling/createMessage') === true ? { sampling: {} } : {}),
        ...(answers?.methods.includes('roots/list') === true ? { roots: {} } : {}),
        ...(hostTasks.length === 0 ? {} : hosting(hostTasks)),
      },
      // The SDK offers the first version of this list.
      ...(offer === undefined ? {} : { supportedProtocolVersions: [offer, ...SUPPORTED_PROTOCOL_VERSIONS] }),
      versionNegotiation: { mode, probe: { timeoutMs: probeMs } },
    },
  );
  for (const method of answers?.methods ?? []) {
    client.setRequestHandler(
      method,
      async ({ params }, { mcpReq }) =>
        (await answers?.answer(method, (params ?? {}) as JsonObject, mcpReq.signal)) as never,
    );
  }
  return client;
}

/** Waits for `work` until timeout or abort, then calls `release`. */
export async function within<T>(
  work: Promise<T>,
  release: () => Promise<void>,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError('late')), Math.min(timeoutMs, MAX_TIMER_MS));
    onAbort = () => reject(new LateError('aborted'));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    work.catch(() => undefined);
    await release().catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

export class LateError extends Error {
  readonly reason: 'late' | 'aborted';
  constructor(reason: 'late' | 'aborted') {
    super(reason);
    this.reason = reason;
  }
}
