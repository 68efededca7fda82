import { type TaskClient, TaskError, type TaskRecord } from '@mcp-tasks/client';
import type { Context } from '../../context.ts';
import { printError } from '../../display/error-report.ts';
import { describeRecord } from '../../display/task-document.ts';
import { endEvent } from '../../display/task-events.ts';
import { outcomeLine, titleOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { jobsOf } from '../../jobs/jobs-of.ts';
import { guardServer } from '../../session/ask-before-leaving.ts';
import { createAsker } from '../../session/ask-in-terminal.ts';
import { findTool } from '../../session/find-tool.ts';
import { followTask } from '../../session/follow-task.ts';
import { openClient } from '../../session/open-client.ts';
import { connectingText, printIfSlow } from '../../session/print-if-slow.ts';
import { printNextCommands } from '../../session/print-next-commands.ts';
import { printServerLogs } from '../../session/print-server-logs.ts';
import { reportDetached } from '../../session/report-detached.ts';
import { keptNote, reportEnd } from '../../session/report-end.ts';
import { type Session, withSession } from '../../session/session.ts';
import { createTimeLimit, type TimeLimit } from '../../session/time-limit.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';
import type { CallFlags } from './call-flags.ts';
import { withContextOfRecord } from './context-of-record.ts';
import { editArguments } from './edit-arguments.ts';
import { expandFiles } from './expand-files.ts';
import { placeCall } from './place-call.ts';
import { readArguments } from './read-arguments.ts';

export async function runCall(words: TargetWords, tool: string, given: CallFlags, context: Context): Promise<ExitCode> {
  const resolved = await resolveTarget(words, given, context);
  const flags = await expandFiles(given, resolved, context);
  return callResolved(resolved, tool, flags, context);
}

/** Calls a tool and follows its task, if it creates one. `again` is the record whose call is repeated. */
export function callResolved(
  resolved: ResolvedTarget,
  tool: string,
  flags: CallFlags,
  context: Context,
  again?: TaskRecord,
): Promise<ExitCode> {
  const limit = createTimeLimit(context, flags.timeout);
  return withSession(
    context,
    flags,
    async (session) => {
      const jobs = await jobsOf(resolved, context, flags);
      const { signal } = limit;
      const opening = openClient(session, resolved, { onRestart: session.printer.line, signal, jobs: jobs.of });
      const connecting = printIfSlow(session, opening, connectingText(resolved));
      const client = await limit.explain(connecting, `${tool} was not called`);
      printServerLogs(session, client.connection);
      const guard = guardServer(session, client);
      let code: ExitCode = exitCodes.failed;
      try {
        code = await callTool(session, client, { resolved, tool, again, limit, keptBy: guard.keptBy });
        return code;
      } catch (error) {
        throw jobs.explain(error, tool);
      } finally {
        await guard.close(code === exitCodes.interrupted || context.interrupt.aborted);
      }
    },
    // A detached task is found only by its record: refuse the call if none can be saved.
    { mayLackStore: flags.detach !== true, onShared: 'refuse' },
  );
}

interface ToolCall {
  readonly resolved: ResolvedTarget;
  readonly tool: string;
  readonly again: TaskRecord | undefined;
  readonly limit: TimeLimit;
  readonly keptBy: () => number | undefined;
}

async function callTool(
  session: Session<CallFlags>,
  client: TaskClient,
  { resolved, tool, again, limit, keptBy }: ToolCall,
): Promise<ExitCode> {
  const { context, flags, printer } = session;
  const { deadline } = limit;
  const finding = findTool(client, resolved, tool, context, limit.signal);
  const description = await limit.explain(finding, `${tool} was not called`);
  const ask = createAsker(session);
  const given = await readArguments(
    await editArguments(session, description),
    client.connection.identity,
    description,
    ask,
    printer.line,
  );
  const args = await withContextOfRecord(given, client, session.store);
  const placed = await placeCall(session, client, tool, args, { deadline, again });
  if (placed.kind === 'left') return reportLeft(session, placed.record, { ...placed, keptBy: keptBy() });
  if (placed.kind === 'failed') return reportFailed(session, placed.record, placed.error);
  const { answer, task } = placed;
  if (answer.kind === 'complete') {
    const record = await session.store.read(task.id);
    if (record === undefined) throw new TaskError('not-found', `Record ${task.id} was deleted`);
    const outcome = record.outcome ?? { status: 'completed', result: answer.result };
    return reportEnd(session, record, outcome, { events: flags.jsonl, raw: flags.raw, seen: true });
  }
  if (!placed.isTitled) printer.line(titleOf(task.latest));
  if (flags.detach === true && task.latest.taskId !== null) return reportDetached(session, task.latest, keptBy());
  const outcome = await followTask(session, task, {
    timeoutMs: deadline === undefined ? undefined : deadline - context.now(),
    keepWaiting: flags.keepWaiting,
    events: flags.jsonl,
    person: ask,
  });
  const keeper = keptBy();
  const held = resolved.target.kind === 'command' && keeper === undefined;
  const options = { events: flags.jsonl, raw: flags.raw, held, keptBy: keeper, seen: true };
  return reportEnd(session, task.latest, outcome, options);
}

interface Left {
  readonly timedOut: boolean;
  readonly isTitled: boolean;
  /** Process id of the keeper that continues the call. */
  readonly keptBy: number | undefined;
}

/** Reports Ctrl-C or the time limit before the reply: without a keeper it is unknown whether the call ran. */
function reportLeft(session: Session<CallFlags>, record: TaskRecord, { timedOut, isTitled, keptBy }: Left): ExitCode {
  if (!isTitled) session.printer.line(titleOf(record));
  const outcome = { status: timedOut ? 'timed_out' : 'detached' } as const;
  if (record.phase !== 'intent') return reportEnd(session, record, outcome, { events: session.flags.jsonl, keptBy });
  const { printer, flags } = session;
  if (flags.jsonl === true) printer.event(endEvent(record, outcome));
  else if (printer.json) printer.document(describeRecord(record, outcome));
  if (keptBy === undefined) {
    printer.line(`${record.id}  left before the server answered the call: it may have run`);
    printNextCommands(session, record, { status: 'unknown' });
  } else {
    printer.line(keptNote(record, keptBy));
    printNextCommands(session, record, null);
  }
  return timedOut ? exitCodes.timedOut : exitCodes.interrupted;
}

function reportFailed(session: Session<CallFlags>, record: TaskRecord, error: unknown): ExitCode {
  const { printer, flags, context } = session;
  const isUnknown = record.phase === 'intent';
  const outcome = isUnknown ? ({ status: 'unknown' } as const) : record.outcome;
  if (outcome !== null) {
    if (flags.jsonl === true) printer.event(endEvent(record, outcome));
    else if (printer.json) printer.document(describeRecord(record, outcome));
    if (!isUnknown) printer.line(outcomeLine(record, outcome));
  }
  const code = printError(error, context, { ...flags, json: printer.json || flags.jsonl === true });
  if (isUnknown) printNextCommands(session, record, { status: 'unknown' });
  // Keep the code of the error: when the store rejected a reply, the record still says unknown.
  const hasOwnCode = code === exitCodes.interrupted || (TaskError.is(error) && error.code === 'unreachable');
  return outcome?.status === 'unknown' && !hasOwnCode ? exitCodes.unknown : code;
}
