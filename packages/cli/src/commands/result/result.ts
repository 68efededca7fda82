import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { nextCommands } from '../../display/next-command.ts';
import { statusWord } from '../../display/status-word.ts';
import { describeRecord } from '../../display/task-document.ts';
import { ageOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodeOfOutcome, exitCodes } from '../../exit-codes.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { readOnce } from '../../session/read-once.ts';
import { reportEnd } from '../../session/report-end.ts';
import { saveResult } from '../../session/save-result.ts';
import { withSession } from '../../session/session.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface ResultFlags extends CommonFlags, ConnectFlags {
  /** Prints the result's texts as the server sent them. */
  readonly raw?: boolean;
  /** Saves into this file or directory. */
  readonly save?: string;
}

/** Prints the final result, from the record if it is saved there. */
export function runResult(reference: string | undefined, flags: ResultFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const { printer } = session;
    const [found] = await chooseRecords(session, reference === undefined ? [] : [reference], {
      title: 'The result of which task?',
      none: 'No task on record has settled',
      offer: (record) => record.phase === 'settled',
    });
    if (found === undefined) return exitCodes.usage;
    const { record, condition } = await readOnce(session, found);
    const outcome = record.outcome ?? condition ?? (record.phase === 'intent' ? { status: 'unknown' as const } : null);
    const { save } = flags;
    if (save !== undefined && outcome?.result !== undefined) {
      const saved = await saveResult(record.id, outcome.result, save, context);
      for (const { path, about } of saved) printer.line(`${record.id}  saved ${path} (${about})`);
      if (printer.json) printer.document({ ...describeRecord(record, outcome), saved: saved.map(({ path }) => path) });
      return exitCodeOfOutcome(outcome);
    }
    if (outcome !== null) return reportEnd(session, record, outcome, { raw: flags.raw, isAgain: true });
    const hint = nextCommands(record, null).join('\n');
    const age = ageOf(record, context.now());
    const status = age === undefined ? statusWord(record.status) : `${statusWord(record.status)} ${age}`;
    throw new CliError('not-settled', `Task ${record.id} has not ended: ${status}`, hint);
  });
}
