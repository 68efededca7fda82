import type { Connection } from '@mcp-tasks/client';
import { hearLogs, logLine } from '../targets/hear-logs.ts';
import type { Session } from './session.ts';

/** With `--verbose`, prints the server's log messages on standard error. */
export function sayLogs({ flags, printer }: Session, connection: Connection): void {
  if (flags.verbose === true) hearLogs(connection, (message) => printer.line(logLine(message)));
}
