import type { TaskClient } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { parseDuration } from '../../display/duration.ts';
import { titleOf } from '../../display/task-lines.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { readAssignments } from '../../forms/read-assignments.ts';
import { jobsOf } from '../../jobs/jobs-of.ts';
import { createAsker } from '../../session/ask-in-terminal.ts';
import { closeSoon } from '../../session/close-soon.ts';
import { followTask } from '../../session/follow-task.ts';
import { isKept, openClient } from '../../session/open-client.ts';
import { printServerLogs } from '../../session/print-server-logs.ts';
import { reportDetached } from '../../session/report-detached.ts';
import { reportEnd } from '../../session/report-end.ts';
import { type Session, withSession } from '../../session/session.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { CallFlags } from '../call/call-flags.ts';
import { listJobs } from './list-jobs.ts';
import { suggest } from './suggest.ts';

export interface FollowFlags extends CallFlags {
  readonly suggest?: boolean;
}

/** The job to follow; without an id, the server's jobs are listed. */
export interface Wanted {
  readonly job: string | undefined;
  readonly id: string | undefined;
}

export async function runFollow(
  words: TargetWords,
  wanted: Wanted,
  flags: FollowFlags,
  context: Context,
): Promise<ExitCode> {
  const args = readArgs(flags.arg ?? []);
  const resolved = await resolveTarget(words, flags, context);
  const jobs = await jobsOf(resolved, context, flags);
  return withSession(context, flags, async (session) => {
    // `--suggest` reads the tools without any mapping.
    const given = flags.suggest === true ? () => ({}) : jobs.of;
    const client = await openClient(session, resolved, { onRestart: session.printer.line, jobs: given });
    printServerLogs(session, client.connection);
    try {
      if (flags.suggest === true) return await suggest(session, client, resolved);
      const { connection } = client;
      if (wanted.job === undefined || wanted.id === undefined) {
        const names = Object.keys(jobs.of(connection.negotiated.server));
        return await listJobs(session, client, { resolved, job: wanted.job, names });
      }
      return await follow(session, client, { job: wanted.job, id: wanted.id, arguments: args });
    } catch (error) {
      throw wanted.job === undefined ? error : jobs.explain(error, wanted.job);
    } finally {
      await closeSoon(client, context);
    }
  });
}

async function follow(
  session: Session<FollowFlags>,
  client: TaskClient,
  request: Parameters<TaskClient['follow']>[0],
): Promise<ExitCode> {
  const { flags, printer } = session;
  const task = await client.follow(request);
  printer.line(titleOf(task.latest));
  const keptBy = isKept(client) ? client.keeper.pid : undefined;
  if (flags.detach === true) return reportDetached(session, task.latest, keptBy);
  const outcome = await followTask(session, task, {
    timeoutMs: flags.timeout === undefined ? undefined : parseDuration(flags.timeout),
    keepWaiting: flags.keepWaiting,
    events: flags.jsonl,
    person: createAsker(session),
  });
  return reportEnd(session, task.latest, outcome, { events: flags.jsonl, raw: flags.raw, keptBy, seen: true });
}

function readArgs(pairs: readonly string[]) {
  const reading = readAssignments({ type: 'object' }, pairs);
  if (reading.ok) return reading.content;
  const problems = reading.errors.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new CliError('arguments-invalid', `The arguments cannot be read: ${problems}`, 'Write --arg name=value.');
}
