import { type Connection, createTaskClient, type FollowedTask, TaskError } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import { readArguments } from '../commands/call/read-arguments.ts';
import type { Context } from '../context.ts';
import { reportOf } from '../display/error-report.ts';
import { type ExitCode, exitCodeOfError, exitCodes } from '../exit-codes.ts';
import { jobsOf } from '../jobs/jobs-of.ts';
import { closeSoon } from '../session/close-soon.ts';
import { findTool } from '../session/find-tool.ts';
import { openStore } from '../session/open-store.ts';
import { isKeptElsewhere } from '../session/work-of-children.ts';
import { openConnection } from '../targets/open-connection.ts';
import type { HoldReply, HoldRequest } from './keep-message.ts';
import { removeHolder, writeHolder } from './keeper-file.ts';

/**
 * A background process that keeps one server over stdio: it calls, polls, takes answers from the record, writes the
 * outcome, and ends when its task has settled.
 */
export async function runHold(context: Context): Promise<ExitCode> {
  const { parent } = context;
  if (parent === undefined)
    throw new CliError('usage', 'A holder is started by call --detach', 'mcp-tasks call --help');
  const reply = (message: HoldReply): void => parent.send(message);
  const request = (await parent.receive()) as HoldRequest;
  let id: string | null = null;
  try {
    const { store, owner } = await openStore(context, () => undefined);
    const connection = await openConnection(request.resolved, context, {}, { onRestart: () => undefined });
    const jobs = await jobsOf(request.resolved, context, request);
    const client = createTaskClient({ connection, store, owner, jobs: jobs.of });
    try {
      const tool = await findTool(client, request.resolved, request.tool, context).catch((error: unknown) => {
        throw jobs.explain(error, request.tool);
      });
      const args = await readArguments(request, connection.identity, tool, undefined);
      const { ttlMs, rerunOf } = request;
      const task = await client.start({ name: tool.name, arguments: args, ttlMs, rerunOf });
      ({ id } = task);
      const answer = await task.accepted();
      await writeHolder(context, { pid: context.pid, startedAt: context.now(), server: connection.identity.label, id });
      reply({ kind: 'called', id, pid: context.pid });
      parent.disconnect();
      if (answer.kind === 'task' && !isKeptElsewhere(task.latest)) await keep(task, connection, context.interrupt);
      return exitCodes.completed;
    } finally {
      await closeSoon(client);
      await store.close();
      await removeHolder(context, context.pid);
    }
  } catch (error) {
    const report = reportOf(error instanceof Error ? error : new TaskError('closed', String(error)));
    reply({ kind: 'failed', report, id });
    parent.disconnect();
    return exitCodeOfError(report.code);
  }
}

/** A server that fails to answer is not given up before its process is: what lives in it would end with us. */
async function keep(task: FollowedTask, connection: Connection, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { status } = await task.outcome({ signal });
    if (status !== 'unreachable' || connection.ended !== undefined) return;
  }
}
