import { aborted } from '../../aborted.ts';
import { CliError } from '../../cli-error.ts';
import { parseDuration } from '../../display/duration.ts';
import { titleOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { HoldReply, HoldRequest } from '../../keeper/keep-message.ts';
import { startBackground } from '../../keeper/start-background.ts';
import { reportDetached } from '../../session/report-detached.ts';
import { reportEnd } from '../../session/report-end.ts';
import type { Session } from '../../session/session.ts';
import { settleAsRerun } from '../../session/settle-as-rerun.ts';
import { isKeptElsewhere } from '../../session/work-of-children.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import type { CallFlags } from './call-flags.ts';

/** A detached call to a server that is a child: a background process becomes its parent and sees the task through. */
export async function callInHolder(
  session: Session<CallFlags>,
  resolved: ResolvedTarget,
  tool: string,
  rerunOf?: string,
): Promise<ExitCode> {
  const { context, flags, printer, store } = session;
  const ttlMs = flags.ttl === undefined ? undefined : parseDuration(flags.ttl);
  const request: HoldRequest = {
    resolved,
    tool,
    arg: flags.arg,
    args: flags.args,
    ttlMs,
    rerunOf,
    allowProject: flags.allowProject,
  };
  const holder = startBackground<HoldReply>('__hold', request, 'holder-failed', context);
  const reply = await Promise.race([holder.reply, aborted(context.interrupt).then(() => 'left' as const)]);
  holder.release();
  if (reply === 'left') {
    printer.line(`Left; the call goes on in the background as process ${holder.pid}`);
    printer.line('See what runs: mcp-tasks holders');
    return exitCodes.interrupted;
  }
  if (reply.kind === 'failed') {
    const { code, message, hint } = reply.report;
    if (reply.id !== null) printer.line(`${reply.id}  is on record: mcp-tasks get ${reply.id}`);
    throw new CliError(code, message, hint ?? undefined);
  }
  await settleAsRerun(store, rerunOf, reply.id, context.now());
  const record = await store.read(reply.id);
  if (record === undefined) throw new CliError('not-found', `The record ${reply.id} is gone`);
  printer.line(titleOf(record));
  if (record.outcome !== null)
    return reportEnd(session, record, record.outcome, { events: flags.jsonl, raw: flags.raw });
  if (!isKeptElsewhere(record))
    printer.line(`${record.id}  kept by background process ${reply.pid} until it has settled: mcp-tasks holders`);
  return reportDetached(session, record);
}
