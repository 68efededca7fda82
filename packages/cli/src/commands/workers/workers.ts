import type { CommonFlags, Context } from '../../context.ts';
import { formatDuration } from '../../display/duration.ts';
import { safeText } from '../../display/safe-text.ts';
import { table } from '../../display/table.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { withSession } from '../../session/session.ts';
import type { StoreFlags } from '../../session/shared-store.ts';

export function runWorkers(flags: CommonFlags & StoreFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async ({ store, printer }) => {
    const workers = [...(await store.owners())].sort((one, other) => other.tasks - one.tasks);
    if (printer.json) {
      printer.document({
        workers: workers.map(({ owner, tasks, renewedAt }) => ({ worker: owner, tasks, renewedAt })),
      });
      return exitCodes.completed;
    }
    if (workers.length === 0) {
      printer.line('No worker is running.');
      return exitCodes.completed;
    }
    const age = (renewedAt: number): string => formatDuration(Math.max(0, context.now() - renewedAt));
    const rows = workers.map(({ owner, tasks, renewedAt }) => [safeText(owner), `${tasks}`, `${age(renewedAt)} ago`]);
    printer.result(await table(['WORKER', 'TASKS', 'HEARTBEAT'], rows));
    printer.line('Their tasks: mcp-tasks list');
    return exitCodes.completed;
  });
}
