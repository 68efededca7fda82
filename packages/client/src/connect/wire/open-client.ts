import { Client } from '@modelcontextprotocol/client';
import { MAX_TIMER_MS } from '../../machine/poll-pace.ts';
import type { ConnectOptions } from '../connect-port.ts';
import { TASKS_EXTENSION } from './connection-over.ts';

/** Discovery may cost a package download first; what is left of the time belongs to the older handshake. */
const PROBE_SHARE = 0.5;

export interface OwnClientOptions {
  readonly timeoutMs: number;
  readonly mode?: 'auto' | 'legacy';
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

export function createClient({ timeoutMs, mode = 'auto', hostTasks = [] }: OwnClientOptions): Client {
  return new Client(
    { name: 'mcp-tasks', version: '0.1.0' },
    {
      capabilities: {
        elicitation: { form: {}, url: {} },
        extensions: { [TASKS_EXTENSION]: {} },
        ...(hostTasks.length === 0 ? {} : hosting(hostTasks)),
      },
      versionNegotiation: { mode, probe: { timeoutMs: timeoutMs * PROBE_SHARE } },
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
