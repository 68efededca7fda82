import { createTaskClient, type FollowedTask, type JsonObject } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openSqliteStore, processOwner } from '@mcp-tasks/client/sqlite-store';
import { acceptedCall } from '../../../packages/client/src/testing/accepted-call.ts';
import { followOpen } from '../../../packages/client/src/testing/follow-open.ts';
import { type Instructions, type Report, YES } from './contender.ts';

export async function driveOurs(
  { url, tool, args, act, questions, home }: Instructions,
  report: Report,
): Promise<void> {
  const store = await openSqliteStore({ directory: home });
  const tasks = createTaskClient({ connection: await connect({ kind: 'url', url }), store, owner: processOwner() });

  async function follow(task: FollowedTask): Promise<void> {
    if (task.latest.taskId !== null) report({ kind: 'task', taskId: task.latest.taskId });
    for await (const update of task.updates()) {
      if (update.kind !== 'question') continue;
      report({ kind: 'asked' });
      if (questions === 'accept') await update.question.answer(YES);
    }
    const { status, error } = await task.outcome();
    report({ kind: 'ended', status, text: error?.message });
  }

  if (act === 'resume' || act === 'resume from notes') {
    const [task] = await followOpen(tasks);
    if (task === undefined) return report({ kind: 'ended', status: 'nothing to resume' });
    return follow(task);
  }
  report({ kind: 'calling' });
  const call = await acceptedCall(tasks, { name: tool, arguments: args as JsonObject });
  if (call.kind === 'complete') return report({ kind: 'ended', status: 'completed', text: 'no task' });
  if (act === 'call') return follow(call.task);
  report({ kind: 'task', taskId: String(call.task.latest.taskId) });
  await tasks.close();
  report({ kind: 'closed' });
}
