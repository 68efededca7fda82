import type { TaskRecord, TaskStore } from '@mcp-tasks/client';
import type { Context } from '../../context.ts';
import { firstRecords } from '../../session/record-pages.ts';
import { isDemoRecord } from '../../targets/demo-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

/** Returns a filter for records of the named server: by label if a record has it, else by target. */
export async function filterByTarget(
  store: TaskStore,
  words: TargetWords,
  context: Context,
): Promise<(record: TaskRecord) => boolean> {
  if (words.text === undefined && (words.command ?? []).length === 0) return () => true;
  const isLabelled = (record: TaskRecord): boolean => record.server.label === words.text;
  const [labelled] = await firstRecords(store, {}, 1, isLabelled);
  if (labelled !== undefined) return isLabelled;
  const resolved = await resolveTarget(words, {}, context);
  return (record) => isTaskOf(resolved, record);
}

/** True if the record's server is this target; sends nothing. */
function isTaskOf(resolved: ResolvedTarget, record: TaskRecord): boolean {
  if (resolved.isDemo || isDemoRecord(record)) return resolved.isDemo && isDemoRecord(record);
  const { target } = record.server;
  if (target.kind === 'url') {
    const given = resolved.target;
    return given.kind === 'url' && target.protocol === given.protocol && sameUrl(target.url, given.url);
  }
  if (target.kind !== 'command' || resolved.target.kind !== 'command') return false;
  const commandKey = (each: typeof target): string => JSON.stringify([each.command, ...each.args, each.cwd ?? null]);
  return commandKey(target) === commandKey(resolved.target);
}

function sameUrl(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) ? new URL(a).href === new URL(b).href : a === b;
}
