import type { ToolDescription } from '../api/call-api.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { listTools } from './tools.ts';

/** The task support of each tool, by the list of tools, which is read once. */
export interface ToolSupport {
  of(name: string, signal?: AbortSignal): Promise<ToolDescription['taskSupport'] | 'unknown'>;
  /** Reads the list again before the next call: the server announced a change. */
  forget(): void;
}

export function createToolSupport(connection: Connection, dialect: TaskDialect): ToolSupport {
  let tools: Promise<readonly ToolDescription[]> | undefined;

  return {
    async of(name, signal) {
      const isAsked = dialect.traits.callsAsTask && dialect.hasTasks(connection.negotiated.capabilities);
      if (!isAsked) return 'forbidden';
      tools ??= listTools(connection, dialect); // shared: a caller that aborts does not abort it for others
      try {
        const known = await unlessAborted(tools, signal);
        return known?.find((tool) => tool.name === name)?.taskSupport ?? 'unknown';
      } catch {
        tools = undefined; // a failure is not cached: the next call tries again
        return 'unknown';
      }
    },
    forget() {
      tools = undefined;
    },
  };
}

/** Undefined as soon as the signal aborts; the work continues for the other callers. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return work;
  let onAbort = (): void => undefined;
  const left = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  return Promise.race([work, left]).finally(() => signal.removeEventListener('abort', onAbort));
}
