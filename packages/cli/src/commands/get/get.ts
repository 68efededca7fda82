import type { CommonFlags, Context } from '../../context.ts';
import { nextCommands } from '../../display/next-command.ts';
import { printResult } from '../../display/print-result.ts';
import { recordDetail } from '../../display/record-detail.ts';
import { describeRecord } from '../../display/task-document.ts';
import { ageOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { asAbandoned } from '../../session/abandoned-calls.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { readOnce } from '../../session/read-once.ts';
import { withSession } from '../../session/session.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

/** Polls an open task once; a settled one is read from its record. */
export function runGet(
  reference: string | undefined,
  flags: CommonFlags & ConnectFlags,
  context: Context,
): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const { printer } = session;
    const [found] = await chooseRecords(session, reference === undefined ? [] : [reference], {
      title: 'Which task?',
      offer: () => true,
    });
    if (found === undefined) return exitCodes.usage;
    const { record, condition } = await readOnce(session, found);
    if (printer.json) {
      printer.document(describeRecord(record, record.outcome ?? condition));
      const age = condition === null ? ageOf(record, context.now(), session.isShared) : undefined;
      if (age !== undefined) printer.line(`${record.id}  ${age}`);
    } else {
      printer.result(recordDetail(await asAbandoned(record, session.store), context.now()));
      if (record.outcome?.result !== undefined) printResult(record.outcome.result, session);
    }
    if (context.interrupt.aborted) printer.line(`${record.id}  stopped watching; the task keeps running`);
    const isRead = record.outcome?.status === 'completed' || record.outcome?.status === 'failed';
    if (!isRead) for (const next of nextCommands(record, record.outcome ?? condition)) printer.line(next);
    if (context.interrupt.aborted) return exitCodes.interrupted;
    if (condition?.status === 'auth_required') return exitCodes.auth;
    return condition === null ? exitCodes.completed : exitCodes.unreachable;
  });
}
