import type { Connection } from '@mcp-tasks/client';
import { listenToLogs, logLine } from '../targets/listen-to-logs.ts';
import type { Session } from './session.ts';

/** With `--verbose`, prints the server's log messages on standard error. */
export function printServerLogs({ flags, printer }: Session, connection: Connection): void {
  if (flags.verbose === true) listenToLogs(connection, (message) => printer.line(logLine(message)));
}
