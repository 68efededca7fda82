import type { Connection, Failure, TaskRecord } from '@mcp-tasks/client';
import { createRelay } from '@mcp-tasks/client/connect';
import { safeText } from '../display/safe-text.ts';

/**
 * The server of a record, connected when something is asked of it: a task that another process holds, or one that is
 * settled, costs no connection, and a view is on the screen before the network answers.
 */
export function connectionOfRecord(
  { server, revision, sessionId }: TaskRecord,
  open: () => Promise<Connection>,
  onRestart?: (text: string) => void,
): Connection {
  const expected = { revision, server: { name: server.label, version: '' }, capabilities: {}, sessionId };
  const restart = server.target.kind === 'command' ? restartOnce(server.label, onRestart) : {};
  return createRelay({ open, identity: server, expected, ...restart });
}

/** A server that is our child and dies is started once more: tasks that it keeps on disk are followed on. */
export function restartOnce(label: string, onRestart: (text: string) => void = () => undefined) {
  const onReopen = ({ message }: Failure): void =>
    onRestart(`${safeText(label)} is started once more: ${safeText(message, { maxLength: 300 })}`);
  return { maxReopens: 1, onReopen };
}
