import type { Connection, Failure, TaskRecord } from '@mcp-tasks/client';
import { createRelay } from '@mcp-tasks/client/connect';
import { safeText } from '../display/safe-text.ts';

/**
 * A lazy connection to the server of a record: the first request opens it. A settled task, or one that another process
 * drives, needs no connection, and a view renders before the server replies.
 */
export async function connectionOfRecord(
  record: TaskRecord,
  open: () => Promise<Connection>,
  onRestart?: (text: string) => void,
): Promise<Connection> {
  const { server, revision, sessionId } = record;
  const protocol = server.target.kind === 'url' ? server.target.protocol : undefined;
  // Loaded with the first record that needs it; most commands open none.
  const dialect =
    protocol === undefined ? undefined : await (await import('@mcp-tasks/client/connect')).loadDialect(record);
  const expected = { protocol, revision, server: { name: server.label, version: '' }, capabilities: {}, sessionId };
  const restart = server.target.kind === 'command' ? restartOnce(server.label, onRestart) : {};
  // A mapped job is polled by tools, which every revision has.
  const anyRevision = record.mapping !== undefined;
  return createRelay({ open, identity: server, dialect, expected, anyRevision, ...restart });
}

/** Restarts a stdio server that dies, once; tasks that it keeps on disk are then followed again. */
export function restartOnce(label: string, onRestart: (text: string) => void = () => undefined) {
  const onReopen = ({ message }: Failure): void => onRestart(restartText(label, message));
  return { maxReopens: 1, onReopen };
}

export function restartText(label: string, reason: string): string {
  return `${safeText(label)} is restarted: ${safeText(reason, { maxLength: 300 })}`;
}
