import type { Outcome, TaskRecord } from '@mcp-tasks/client';
import { nextCommands, unsavedLine } from '../display/next-command.ts';
import type { Session } from './session.ts';

/** Prints the next commands; without a saved record, prints that no other process can resume the task. */
export function printNextCommands(session: Session, record: TaskRecord, outcome: Outcome | null): void {
  const { printer, unsaved } = session;
  if (unsaved() === undefined) {
    for (const next of nextCommands(record, outcome)) printer.line(next);
  } else if (record.phase !== 'settled') {
    printer.line(unsavedLine(record));
  }
}
