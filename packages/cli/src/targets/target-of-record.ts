import type { TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { demoTarget, isDemoRecord } from './demo-target.ts';
import type { ConnectFlags, ResolvedTarget } from './resolved-target.ts';

/** The target of a record, to reconnect. Secrets are not recorded: flags or the configuration supply them again. */
export async function targetOfRecord(
  record: TaskRecord,
  flags: ConnectFlags,
  context: Context,
): Promise<ResolvedTarget> {
  if (isDemoRecord(record)) return demoTarget(context);
  const { target, label } = record.server;
  if (target.kind === 'host') {
    throw new CliError('unreachable', `${label} was connected by another program`, 'Only that program can reach it.');
  }
  const { recallTarget } = await import('./recall-target.ts');
  return recallTarget(record, flags, context);
}
