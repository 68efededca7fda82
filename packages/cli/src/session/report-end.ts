import type { Outcome, TaskRecord } from '@mcp-tasks/client';
import { errorDetails } from '../display/error-details.ts';
import { printResult } from '../display/print-result.ts';
import { describeRecord, lostDigitsIn } from '../display/task-document.ts';
import { endEvent } from '../display/task-events.ts';
import { lostDigitsLine, outcomeLine } from '../display/task-lines.ts';
import { type ExitCode, exitCodeOfOutcome } from '../exit-codes.ts';
import { isDemoRecord } from '../targets/demo-target.ts';
import { printNextCommands } from './print-next-commands.ts';
import type { Session } from './session.ts';
import { isKeptElsewhere } from './work-of-children.ts';

export interface EndOptions {
  /** Prints one JSON event per line instead of one document. */
  readonly events?: boolean | undefined;
  /** Prints the result's texts as the server sent them. */
  readonly raw?: boolean | undefined;
  /** The result was requested by id: omit the hint how to show it again. */
  readonly isAgain?: boolean | undefined;
  /** The server was a child of this process until now. */
  readonly held?: boolean | undefined;
  /** Process id of the keeper of the server. */
  readonly keptBy?: number | undefined;
  /** This command saw the task end, by following it or in the reply to the call. */
  readonly seen?: boolean | undefined;
}

/** Prints the result on standard output; open questions, the outcome and the next commands on standard error. */
export function reportEnd(session: Session, record: TaskRecord, outcome: Outcome, options: EndOptions = {}): ExitCode {
  const { printer } = session;
  const document = describeRecord(record, outcome);
  if (options.events === true) printer.event(endEvent(record, outcome));
  else if (printer.json) printer.document(document);
  else if (outcome.result !== undefined) printResult(outcome.result, session, { raw: options.raw });
  if (options.seen !== true || record.outcome !== outcome) printer.line(outcomeLine(record, outcome));
  const lost = lostDigitsIn(outcome);
  if (lost !== undefined) printer.line(`${record.id}  ${lostDigitsLine(lost)}`);
  if (!printer.json) for (const line of errorDetails(outcome.error?.data)) printer.line(line);
  const isHeld = options.held === true && record.phase !== 'settled' && !isKeptElsewhere(record);
  if (isHeld) printer.line(childNote(record));
  const isOpen = record.phase !== 'settled' && outcome.status !== 'unreachable' && !isKeptElsewhere(record);
  if (options.keptBy !== undefined && isOpen) printer.line(keptNote(record, options.keptBy));
  const isOver = outcome.status === 'completed' || outcome.status === 'failed';
  if (options.isAgain !== true || !isOver) printNextCommands(session, record, outcome);
  return exitCodeOfOutcome(outcome);
}

/** Explains what happens to a task whose server was a child of this process. */
export function childNote(record: TaskRecord): string {
  if (isDemoRecord(record)) return 'The demo keeps its tasks on disk; they continue when it is started again.';
  return `The server was a child of this process and ends with it; unless it keeps its tasks on disk, ${record.id} ends too.`;
}

/** Explains that a keeper continues the task. */
export function keptNote({ id }: TaskRecord, pid: number): string {
  return `${id}  kept by background process ${pid} until it has settled: mcp-tasks keepers`;
}
