import type { SkippedRecord, TaskRecord } from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { type CommonFlags, type Context, usesUnicode } from '../../context.ts';
import { formatTemplate } from '../../display/format-template.ts';
import { RECORD_COLUMNS, type RecordColumn } from '../../display/record-columns.ts';
import { recordTable } from '../../display/record-table.ts';
import { describeTask } from '../../display/task-document.ts';
import { coarseAge } from '../../display/task-summary.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { type Session, withSession } from '../../session/session.ts';
import type { TargetWords } from '../../targets/resolve-target.ts';
import { type Chosen, chooseFromStore, type Selection } from './choose-records.ts';
import { filterByTarget } from './filter-by-target.ts';

export interface ListFlags extends CommonFlags, Selection {
  /** Polls the servers first. */
  readonly refresh?: boolean;
  readonly columns?: string;
  readonly quiet?: boolean;
  readonly format?: string;
}

/** Maximum number of unreadable records named one by one. */
const NAMED = 5;
/** Age from which shown records are reported as old, in ms. */
const OLD_MS = 60_000;

export function runList(words: TargetWords, flags: ListFlags, context: Context): Promise<ExitCode> {
  const columns = readColumns(flags.columns ?? context.settings?.columns?.join(','));
  return withSession(context, flags, async (session) => {
    const { store, printer, person } = session;
    const isOfTarget = await filterByTarget(store, words, context);
    const isForPrograms = printer.json || flags.quiet === true || flags.format !== undefined;
    const read = (): Promise<Chosen> =>
      chooseFromStore(store, flags, { now: context.now(), isOfTarget, isForPrograms, person });
    let chosen = await read();
    if (flags.refresh === true) {
      await refresh(session, chosen.records);
      chosen = await read();
    }
    const { records } = chosen;
    const document = (record: TaskRecord) => ({ task: describeTask(record), outcome: record.outcome });
    if (printer.json) printer.document({ tasks: records.map(document), skipped: chosen.skipped });
    else if (flags.quiet === true) for (const { id } of records) printer.result(id);
    else if (flags.format !== undefined) {
      const template = flags.format;
      for (const record of records)
        printer.result(formatTemplate(template, JSON.parse(JSON.stringify(document(record)))));
    } else if (records.length > 0) {
      const width = context.stdout.isTTY ? context.stdout.columns : undefined;
      const options = { now: context.now(), width, unicode: usesUnicode(context), columns };
      printer.result(await recordTable(records, options));
    }
    if (isForPrograms) return exitCodes.completed;
    for (const line of skippedLines(chosen.skipped)) printer.line(line);
    for (const line of await remarkLines(session, flags, words, chosen)) printer.line(line);
    return exitCodes.completed;
  });
}

function readColumns(text: string | undefined): readonly RecordColumn[] | undefined {
  return text?.split(',').map((each) => {
    const name = RECORD_COLUMNS.find((column) => column === each.trim().toLowerCase());
    if (name === undefined)
      throw new CliError('usage', `There is no column "${each}"`, `There is ${RECORD_COLUMNS.join(', ')}.`);
    return name;
  });
}

/** Polls each open task once; on failure prints why and shows its tasks as recorded. */
async function refresh(session: Session, records: readonly TaskRecord[]): Promise<void> {
  const { readOnce } = await import('../../session/read-once.ts');
  const open = records.filter(({ phase }) => phase === 'open');
  await Promise.all(
    open.map(async (record) => {
      const { condition } = await readOnce(session, record).catch((error: Error) => ({
        condition: { error: { message: error.message } },
      }));
      if (condition?.error !== undefined) session.printer.line(`${record.id}  ${condition.error.message}`);
    }),
  );
}

async function remarkLines(
  { store, context }: Session,
  flags: ListFlags,
  words: TargetWords,
  { records, skipped, hasMore }: Chosen,
): Promise<readonly string[]> {
  const isNarrowed =
    words.text !== undefined ||
    words.command !== undefined ||
    [flags.status, flags.server, flags.tool, flags.since, flags.label].some((each) => each !== undefined);
  const last = records.at(-1);
  if (hasMore && last !== undefined)
    return [`${records.length} shown. More: mcp-tasks list --after ${last.id}, with the same flags`];
  const lines = ageLines(records, context.now(), flags.refresh === true);
  if (records.length === 0 && skipped.length === 0) {
    const isEmpty = (await store.list({}, { limit: 1 })).records.length === 0;
    if (isEmpty) return ['No tasks on record. Try: mcp-tasks watch demo'];
    const all = flags.all === true ? '' : ' --all';
    return [
      isNarrowed
        ? `No such tasks on record. List all: mcp-tasks list${all}`
        : `Nothing open, and nothing settled in the last day. List all: mcp-tasks list --all`,
    ];
  }
  if (flags.all === true || isNarrowed) return lines;
  const page = await store.list({}, { limit: records.length + 1 });
  const shown = new Set(records.map(({ id }) => id));
  const isOlder = page.records.some(({ id }) => !shown.has(id));
  return isOlder ? [...lines, 'Settled more than a day ago: mcp-tasks list --all'] : lines;
}

/** The age of the listed records, if the last poll was over a minute ago. */
function ageLines(records: readonly TaskRecord[], now: number, isFresh: boolean): readonly string[] {
  const ages = records.filter(({ phase }) => phase === 'open').map(({ observedAt }) => now - observedAt);
  const oldest = Math.max(0, ...ages);
  if (isFresh || oldest < OLD_MS) return [];
  return [`Open tasks are shown as of up to ${coarseAge(oldest)} ago. Ask their servers: mcp-tasks list --refresh`];
}

function skippedLines(skipped: readonly SkippedRecord[]): readonly string[] {
  const named = skipped.slice(0, NAMED).map(({ id, reason }) => `${id} cannot be shown: ${reason}`);
  return skipped.length > NAMED ? [...named, `${skipped.length - NAMED} more cannot be shown`] : named;
}
