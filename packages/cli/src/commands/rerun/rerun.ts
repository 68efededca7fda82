import { TaskError, type TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { type Context, personTerminal } from '../../context.ts';
import { safeText } from '../../display/safe-text.ts';
import { statusWord } from '../../display/status-word.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { withSession } from '../../session/session.ts';
import { readYes } from '../../targets/read-yes.ts';
import { targetOfRecord } from '../../targets/target-of-record.ts';
import { callResolved } from '../call/call.ts';
import type { CallFlags } from '../call/call-flags.ts';

export interface RerunFlags extends Omit<CallFlags, 'arg' | 'args'> {
  readonly yes?: boolean;
}

/** Repeats the call of a record. Asks first if the call may have run or its task is still open. */
export async function runRerun(reference: string | undefined, flags: RerunFlags, context: Context): Promise<ExitCode> {
  let chosen: TaskRecord | undefined;
  const code = await withSession(
    context,
    flags,
    async (session) => {
      const references = reference === undefined ? [] : [reference];
      [chosen] = await chooseRecords(session, references, {
        title: 'Repeat the call of which task?',
        offer: () => true,
      });
      return exitCodes.completed;
    },
    { onShared: 'refuse' },
  );
  if (chosen === undefined) return code;
  if (flags.yes !== true) await askPerson(chosen, flags, context);
  const resolved = await targetOfRecord(chosen, flags, context);
  const given = { ...flags, args: JSON.stringify(chosen.arguments) };
  return callResolved(resolved, chosen.tool, given, context, chosen);
}

/** @throws {CliError} without a terminal; {TaskError} `aborted` when the person declines */
async function askPerson(record: TaskRecord, flags: RerunFlags, context: Context): Promise<void> {
  const tool = safeText(record.tool);
  if (personTerminal(context, flags) === undefined) {
    const message = `rerun calls ${tool} again, and there is no terminal to ask in; nothing was sent`;
    throw new CliError('usage', message, `Confirm with --yes: mcp-tasks rerun ${record.id} --yes`);
  }
  const why = reasonToAsk(record);
  if (why === undefined) return;
  const out = context.stderr.isTTY ? context.stderr : context.stdout;
  out.write(`${record.id}  ${why}. Call ${tool} again? [y/N] `);
  const isWanted = await readYes(context).catch(() => false);
  if (!isWanted) throw new TaskError('aborted', 'Not called again; nothing was sent');
}

function reasonToAsk(record: TaskRecord): string | undefined {
  if (record.phase === 'intent' || record.outcome?.status === 'unknown') return 'may have run already';
  return record.phase === 'settled' ? undefined : `is still open: ${statusWord(record.status)}`;
}
