import type { SkippedRecord, TaskRecord } from '@mcp-tasks/client';
import type { CommonFlags, Context } from '../../context.ts';
import { recordTable } from '../../display/record-table.ts';
import { describeTask } from '../../display/task-document.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { withSession } from '../../session/session.ts';
import { isDemoRecord } from '../../targets/demo-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';
import type { ResolvedTarget } from '../../targets/resolved-target.ts';

export interface ListFlags extends CommonFlags {
  readonly all?: boolean;
}

/** What is settled is news for a day. */
const RECENT_MS = 86_400_000;
/** How many tasks are read when not all of them are asked for. */
const FIRST = 1_000;
/** How many records that cannot be read are named one by one. */
const NAMED = 5;

export function runList(words: TargetWords, flags: ListFlags, context: Context): Promise<ExitCode> {
  return withSession(context, flags, async ({ store, printer }) => {
    const isNarrowed = words.text !== undefined || (words.command ?? []).length > 0;
    const isWhole = flags.all === true || printer.json || isNarrowed;
    const { records, skipped, next } = await store.list({}, isWhole ? {} : { limit: FIRST });
    const chosen = await filterByTarget(records, words, context);
    const recent = context.now() - RECENT_MS;
    const shown = flags.all === true ? chosen : chosen.filter((record) => isOpen(record) || record.updatedAt > recent);
    if (printer.json) {
      const tasks = shown.map((record) => ({ task: describeTask(record), outcome: record.outcome }));
      printer.document({ tasks, skipped });
      return exitCodes.completed;
    }
    if (shown.length > 0) printer.result(await recordTable(shown, context.now(), context.stdout));
    for (const line of skippedLines(skipped)) printer.line(line);
    const hidden = chosen.length - shown.length;
    if (next !== undefined) printer.line(`More than ${FIRST} tasks are on record: mcp-tasks list --all`);
    else if (hidden > 0) printer.line(`${hidden} settled more than a day ago: mcp-tasks list --all`);
    else if (shown.length === 0 && skipped.length === 0 && words.text === undefined && words.command === undefined) {
      printer.line('No tasks on record. Try: mcp-tasks watch demo');
    } else if (shown.length === 0 && skipped.length === 0)
      printer.line('No tasks of this server on record. All there are: mcp-tasks list');
    return exitCodes.completed;
  });
}

function skippedLines(skipped: readonly SkippedRecord[]): readonly string[] {
  const named = skipped.slice(0, NAMED).map(({ id, reason }) => `${id} cannot be shown: ${reason}`);
  return skipped.length > NAMED ? [...named, `${skipped.length - NAMED} more cannot be shown`] : named;
}

function isOpen(record: TaskRecord): boolean {
  return record.phase !== 'settled';
}

export async function filterByTarget(
  records: readonly TaskRecord[],
  words: TargetWords,
  context: Context,
): Promise<readonly TaskRecord[]> {
  if (words.text === undefined && (words.command ?? []).length === 0) return records;
  const labelled = records.filter((record) => record.server.label === words.text);
  if (labelled.length > 0) return labelled;
  const resolved = await resolveTarget(words, {}, context);
  return records.filter((record) => isTaskOf(resolved, record));
}

/** Whether a record belongs to this target, told without asking the server. */
export function isTaskOf(resolved: ResolvedTarget, record: TaskRecord): boolean {
  if (resolved.isDemo || isDemoRecord(record)) return resolved.isDemo && isDemoRecord(record);
  const { target } = record.server;
  if (target.kind === 'url') {
    const given = resolved.target;
    return given.kind === 'url' && target.protocol === given.protocol && sameUrl(target.url, given.url);
  }
  if (target.kind !== 'command' || resolved.target.kind !== 'command') return false;
  const words = (each: typeof target): string => JSON.stringify([each.command, ...each.args, each.cwd ?? null]);
  return words(target) === words(resolved.target);
}

function sameUrl(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) ? new URL(a).href === new URL(b).href : a === b;
}
