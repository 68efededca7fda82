import type { CommonFlags, Context } from '../../context.ts';
import { safeText } from '../../display/safe-text.ts';
import { describeRecord } from '../../display/task-document.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { withSession } from '../../session/session.ts';

/** Deletes a record. Sends nothing: an open task keeps running on its server. */
export function runForget(references: readonly string[], flags: CommonFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const { printer, store } = session;
    const records = await chooseRecords(session, references, { title: 'Forget which task?', offer: () => true });
    for (const record of records) {
      await store.remove(record.id);
      const label = safeText(record.server.label);
      const isRunning = record.phase !== 'settled' && record.taskId !== null;
      printer.line(`${record.id}  forgotten${isRunning ? `; the task goes on at ${label}` : ''}`);
      if (isRunning) printer.line(`Its id at the server: ${safeText(record.taskId ?? '')}`);
    }
    if (printer.json) printer.document({ tasks: records.map((record) => describeRecord(record)) });
    printer.line('Remaining records: mcp-tasks list');
    return exitCodes.completed;
  });
}
