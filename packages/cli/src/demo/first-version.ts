import type { TaskRecord } from '@mcp-tasks/client';
import { firstStepOf } from './run-tool.ts';
import { enterStep, type NewTask, newRecord, settleTask, stateOf, type TaskSettings } from './task-record.ts';

/** A new task at its first step, or settled if its tool has no steps. */
export async function firstVersion(
  { tool, startsWorking, ...wanted }: NewTask,
  settings: TaskSettings,
): Promise<TaskRecord> {
  const now = Date.now();
  const blank = newRecord({ tool, ...wanted }, now, settings);
  const { before, pageUrl } = stateOf(blank);
  const first = await firstStepOf(tool.run, { args: wanted.args, before, pageUrl });
  if (startsWorking === true && (first.kind !== 'step' || first.step.kind === 'ask')) return blank;
  switch (first.kind) {
    case 'step':
      return enterStep(blank, first.step, 0, now, settings.pace);
    case 'failed':
      return settleTask(blank, { status: 'failed', error: first.error }, now);
    case 'returned':
      return settleTask(blank, { status: 'completed', ...first.ending }, now);
  }
}
