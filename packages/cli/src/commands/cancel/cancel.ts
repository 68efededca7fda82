import { TaskError } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../../context.ts';
import { nextCommands } from '../../display/next-command.ts';
import { safeText } from '../../display/safe-text.ts';
import { describeRecord } from '../../display/task-document.ts';
import { outcomeLine } from '../../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { openTask } from '../../session/open-task.ts';
import { printIfSlow } from '../../session/print-if-slow.ts';
import { withSession } from '../../session/session.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

/** Delay before the waiting is explained on standard error, in ms. */
const SLOW_MS = 5_000;

/** Requests cancellation. The task may still complete; only the server reports it as cancelled. */
export function runCancel(
  reference: string | undefined,
  flags: CommonFlags & ConnectFlags,
  context: Context,
): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const { printer } = session;
    const [found] = await chooseRecords(session, reference === undefined ? [] : [reference], {
      title: 'Cancel which task?',
      none: 'No task on record is open',
      filter: { open: true },
      offer: (record) => record.phase === 'open',
    });
    if (found === undefined) return exitCodes.usage;
    if (found.outcome !== null) {
      const hint = `Its result: mcp-tasks result ${found.id}`;
      throw new TaskError('already-settled', `Task ${found.id} has ended: ${found.outcome.status}`, {
        hint,
      });
    }
    const { client, handle } = await openTask(session, found);
    try {
      const label = safeText(found.server.label);
      const text = `${found.id}  cancel saved; waiting for ${label} to acknowledge it; Ctrl-C stops waiting`;
      await printIfSlow(session, handle.cancel({ signal: context.interrupt }), text, SLOW_MS);
      const record = handle.latest;
      if (printer.json) printer.document(describeRecord(record));
      const acknowledged = record.cancelAcknowledgedAt !== undefined;
      if (record.outcome !== null) printer.line(outcomeLine(record, record.outcome));
      else if (acknowledged) printer.line(`${record.id}  cancellation requested; the server has not ended it yet`);
      else printer.line(`${record.id}  cancel saved; it will be sent on the next connection`);
      for (const next of nextCommands(record, record.outcome)) printer.line(next);
      return context.interrupt.aborted ? exitCodes.interrupted : exitCodes.completed;
    } finally {
      await closeSoon(client, context);
    }
  });
}
