import type { TaskRecord } from '@mcp-tasks/client';
import type { CommonFlags } from '../context.ts';
import { describeRecord } from '../display/task-document.ts';
import { endEvent } from '../display/task-events.ts';
import { statusLine } from '../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { printNextCommands } from './print-next-commands.ts';
import { keptNote } from './report-end.ts';
import type { Session } from './session.ts';
import { isKeptElsewhere } from './work-of-children.ts';

/** Reports a detached task: its id on standard output for scripts, the rest on standard error. */
export function reportDetached(
  session: Session<CommonFlags & { readonly jsonl?: boolean }>,
  record: TaskRecord,
  keptBy?: number,
): ExitCode {
  const { printer, flags } = session;
  if (flags.jsonl === true) printer.event(endEvent(record, null));
  else if (printer.json) printer.document(describeRecord(record, null));
  else printer.result(record.id);
  printer.line(statusLine(record));
  if (keptBy !== undefined && !isKeptElsewhere(record)) printer.line(keptNote(record, keptBy));
  printNextCommands(session, record, null);
  return exitCodes.completed;
}
