import type { Outcome, TaskRecord } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../../context.ts';
import { parseDuration } from '../../display/duration.ts';
import { nextCommands } from '../../display/next-command.ts';
import { describeRecord } from '../../display/task-document.ts';
import { ageOf, outcomeLine, titleOf } from '../../display/task-lines.ts';
import { type ExitCode, exitCodeOfOutcome, exitCodes } from '../../exit-codes.ts';
import { createAsker } from '../../session/ask-in-terminal.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { chooseRecords } from '../../session/find-record.ts';
import { type FollowOptions, followTask } from '../../session/follow-task.ts';
import { reportEnd } from '../../session/report-end.ts';
import { type Session, withSession } from '../../session/session.ts';
import { isLostForGood } from '../../targets/is-lost-for-good.ts';
import type { ConnectFlags } from '../../targets/resolved-target.ts';

export interface WaitFlags extends CommonFlags, ConnectFlags {
  readonly any?: boolean;
  readonly timeout?: string;
  readonly keepWaiting?: boolean;
}

interface Waited {
  readonly record: TaskRecord;
  readonly outcome: Outcome;
  /** The server is a child of this process. */
  readonly held?: boolean;
  /** The task was followed to its end. */
  readonly seen?: boolean;
}

export function runWait(references: readonly string[], flags: WaitFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async (session) => {
    const records = await chooseRecords(session, references, {
      title: 'Wait for which task?',
      none: 'No task on record is open',
      filter: { open: true },
      offer: (record) => record.phase === 'open' || record.phase === 'asking',
    });
    const timeoutMs = flags.timeout === undefined ? undefined : parseDuration(flags.timeout);
    const firstSettled = new AbortController();
    const all = await Promise.all(
      records.map(async (record): Promise<Waited> => {
        const isOneOfSeveral = records.length > 1;
        const waited = await waitForOne(session, record, { timeoutMs, isOneOfSeveral, signal: firstSettled.signal });
        if (flags.any === true && waited.record.phase === 'settled') firstSettled.abort();
        return waited;
      }),
    );
    const [only] = all;
    if (all.length === 1 && only !== undefined) {
      return reportEnd(session, only.record, only.outcome, only);
    }
    return reportSeveral(session, all);
  });
}

async function waitForOne(
  session: Session<WaitFlags>,
  record: TaskRecord,
  options: Pick<FollowOptions, 'timeoutMs' | 'isOneOfSeveral' | 'signal'>,
): Promise<Waited> {
  if (record.outcome !== null) return { record, outcome: record.outcome };
  // The call's reply was lost and the call is never resent: most servers cannot report its result.
  if (await isLostForGood(record)) {
    const caller = await session.store.ownerOf(record.id);
    if (caller === undefined) return { record, outcome: { status: 'unknown' } };
  }
  session.printer.line(titleOf(record));
  const age = ageOf(record, session.context.now());
  if (age !== undefined) session.printer.line(`${record.id}  ${age}`);
  // Import late: a settled record needs no connection code.
  const { openTask } = await import('../../session/open-task.ts');
  const { client, handle, isConnected } = await openTask(session, record);
  try {
    const outcome = await followTask(session, handle, {
      ...options,
      keepWaiting: session.flags.keepWaiting,
      person: createAsker(session),
    });
    const held = record.server.target.kind === 'command' && isConnected();
    return { record: handle.latest, outcome, held, seen: true };
  } finally {
    await closeSoon(client, session.context);
  }
}

function reportSeveral(session: Session<WaitFlags>, all: readonly Waited[]): ExitCode {
  const { printer, flags } = session;
  if (printer.json) {
    printer.document({ tasks: all.map(({ record, outcome }) => describeRecord(record, outcome)) });
  } else {
    for (const { record, outcome } of all) printer.result(outcomeLine(record, outcome));
  }
  for (const { record, outcome } of all) {
    for (const next of nextCommands(record, outcome)) printer.line(next);
  }
  const counted = flags.any === true ? all.filter(({ record }) => record.phase === 'settled') : all;
  const codes = (counted.length === 0 ? all : counted).map(({ outcome }) => exitCodeOfOutcome(outcome));
  if (flags.any === true && codes.includes(exitCodes.completed)) return exitCodes.completed;
  return codes.find((code) => code !== exitCodes.completed) ?? exitCodes.completed;
}
