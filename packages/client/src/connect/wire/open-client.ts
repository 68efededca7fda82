import { Client, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/client';
import { MAX_TIMER_MS } from '../../machine/poll-pace.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { TASKS_EXTENSION } from './connection-over.ts';

/** Discovery may cost a package download first; what is left of the time belongs to the older handshake. */
export const PROBE_SHARE = 0.5;

export interface OwnClientOptions {
  readonly timeoutMs: number;
  /** How long the SDK itself waits for an answer to `server/discover`, in ms. @default `timeoutMs` */
  readonly probeMs?: number;
  readonly mode?: 'auto' | 'legacy';
  /** The version to offer with `initialize`. @default the newest that has it */
  readonly offer?: string | undefined;
  readonly hostTasks?: ConnectOptions['hostTasks'];
}

/** What servers of core tasks may put to us as tasks, and that they may poll us for them. */
function hosting(kinds: NonNullable<ConnectOptions['hostTasks']>) {
  const isAsked = (kind: (typeof kinds)[number]): boolean => kinds.includes(kind);
  const elicitation = isAsked('elicitation') ? { elicitation: { create: {} } } : {};
  const sampling = isAsked('sampling') ? { sampling: { createMessage: {} } } : {};
  return {
    ...(isAsked('sampling') ? { sampling: {} } : {}),
    tasks: { list: {}, cancel: {}, requests: { ...elicitation, ...sampling } },
  };
}

/** The questions that such a client declares: what it did not declare, a server must not ask. */
export function declaredQuestions(hostTasks: ConnectOptions['hostTasks'] = []): ReadonlySet<string> {
  return new Set(['elicitation/create', ...(hostTasks.includes('sampling') ? ['sampling/createMessage'] : [])]);
}

export function createClient({
  timeoutMs,
  probeMs = timeoutMs,
  mode = 'auto',
  offer,
  hostTasks = [],
}: OwnClientOptions): Client {
  return new Client(
    { name: 'mcp-tasks', version: '0.1.0' },
    {
      capabilities: {
        elicitation: { form: {}, url: {} },
        extensions: { [TASKS_EXTENSION]: {} },
        ...(hostTasks.length === 0 ? {} : hosting(hostTasks)),
      },
      // The first of them is offered.
      ...(offer === undefined ? {} : { supportedProtocolVersions: [offer, ...SUPPORTED_PROTOCOL_VERSIONS] }),
      versionNegotiation: { mode, probe: { timeoutMs: probeMs } },
    },
  );
}

/** Runs `work` until it is done, the time is up or the signal aborts; then `release` ends what was begun. */
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
