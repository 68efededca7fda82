import type { ToolDescription } from '../api/call-api.ts';
import type { Connection } from '../connect/connection.ts';
import type { TaskDialect } from '../protocol/dialect.ts';
import { listTools } from './tools.ts';

/** Whether a tool is called as a task, where the list of tools says so. The list is asked for once. */
export interface ToolSupport {
  of(name: string, signal?: AbortSignal): Promise<ToolDescription['taskSupport'] | 'unknown'>;
  /** Reads the list again before the next call: the server says that it has changed. */
  forget(): void;
}

export function createToolSupport(connection: Connection, dialect: TaskDialect): ToolSupport {
  let tools: Promise<readonly ToolDescription[]> | undefined;

  return {
    async of(name, signal) {
      const isAsked = dialect.traits.callsAsTask && dialect.hasTasks(connection.negotiated.capabilities);
      if (!isAsked) return 'forbidden';
      tools ??= listTools(connection, dialect); // shared, so that no caller who leaves takes it from the others
      try {
        const known = await unlessAborted(tools, signal);
        return known?.find((tool) => tool.name === name)?.taskSupport ?? 'unknown';
      } catch {
        tools = undefined; // what failed once is asked again with the next call
        return 'unknown';
      }
    },
    forget() {
      tools = undefined;
    },
  };
}

/** Undefined as soon as the signal aborts; the work goes on for the other callers. */
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
