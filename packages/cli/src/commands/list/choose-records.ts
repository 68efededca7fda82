import {
  audienceOf,
  isInAudience,
  openQuestions,
  type Person,
  type RecordFilter,
  type SkippedRecord,
  type TaskRecord,
  type TaskStore,
} from '@mcp-tasks/client';
import { CliError } from '../../cli-error.ts';
import { parseDuration } from '../../display/duration.ts';
import { summaryOf } from '../../display/task-summary.ts';
import { asAbandoned } from '../../session/abandoned-calls.ts';
import { recordPages } from '../../session/record-pages.ts';

export interface Selection {
  readonly all?: boolean;
  readonly status?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly since?: string;
  readonly label?: readonly string[];
  readonly limit?: string;
  readonly after?: string;
}

export interface Chosen {
  readonly records: readonly TaskRecord[];
  readonly skipped: readonly SkippedRecord[];
  /** More records match than were read. */
  readonly hasMore: boolean;
}

/** Settled records are listed for one day, in ms. */
const RECENT_MS = 86_400_000;
/** Default maximum number of records: one page. */
const FIRST = 100;

/** Reads open and recently settled records page by page, and no more than needed. */
export async function chooseFromStore(
  store: TaskStore,
  selection: Selection,
  options: {
    readonly now: number;
    readonly isOfTarget: (record: TaskRecord) => boolean;
    readonly isForPrograms: boolean;
    readonly person?: Person | undefined;
  },
): Promise<Chosen> {
  const isWanted = predicateOf(selection, options);
  const limit = limitOf(selection, options.isForPrograms);
  const records: TaskRecord[] = [];
  const skipped = new Map<string, SkippedRecord>();
  const seen = new Set<string>();
  let isBefore = selection.after !== undefined;
  for (const filter of filtersOf(selection, options.now)) {
    // The search also returns records that an earlier filter returned.
    let again = seen.size;
    const most = (): number => again + limit + 1 - records.length;
    for await (const page of recordPages(store, filter, most)) {
      again = Math.max(0, again - page.records.length);
      for (const each of page.skipped) skipped.set(each.id, each);
      for (const found of page.records) {
        if (seen.has(found.id)) continue;
        seen.add(found.id);
        const record = await asAbandoned(found, store);
        if (isBefore) isBefore = record.id !== selection.after;
        else if (isWanted(record)) records.push(record);
      }
      if (records.length > limit)
        return { records: records.slice(0, limit), skipped: [...skipped.values()], hasMore: true };
    }
  }
  if (isBefore)
    throw new CliError(
      'not-found',
      `--after: ${selection.after} is not in this list`,
      'mcp-tasks list -q shows the ids.',
    );
  return { records, skipped: [...skipped.values()], hasMore: false };
}

function filtersOf({ all, since, label = [] }: Selection, now: number): readonly RecordFilter[] {
  const labels = label.length === 0 ? {} : { labels: readLabels(label) };
  if (since !== undefined) return [{ ...labels, since: now - parseDuration(since) }];
  if (all === true) return [labels];
  return [
    { ...labels, open: true },
    { ...labels, since: now - RECENT_MS },
  ];
}

function readLabels(label: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    label.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new CliError('usage', `"${text}" is not a label`, 'Write --label name=value.');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

function limitOf({ all, limit }: Selection, isForPrograms: boolean): number {
  if (limit === undefined) return all === true || isForPrograms ? Number.POSITIVE_INFINITY : FIRST;
  const count = Number(limit);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new CliError('usage', `-n takes a whole number, not "${limit}"`, 'Write -n 20.');
}

/** Normalizes a typed state: `needs-input`, `input_required`, `may have run`. */
function plainWord(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

function predicateOf(
  { status, server, tool }: Selection,
  {
    isOfTarget,
    person,
  }: { readonly isOfTarget: (record: TaskRecord) => boolean; readonly person?: Person | undefined },
): (record: TaskRecord) => boolean {
  const states = status === undefined ? undefined : new Set(status.split(',').map(plainWord));
  return (record) =>
    (states === undefined || wordsOfState(record).some((word) => states.has(word))) &&
    (server === undefined || record.server.label === server) &&
    (tool === undefined || record.tool === tool) &&
    isOfTarget(record) &&
    (person === undefined || isFor(record, person));
}

/** Excludes records whose questions are all for other people. */
function isFor(record: TaskRecord, person: Person): boolean {
  const keys = Object.keys(openQuestions(record));
  return keys.length === 0 || keys.some((key) => isInAudience(audienceOf(record, key), person));
}

/** All names by which the record's state can be searched. */
function wordsOfState(record: TaskRecord): readonly string[] {
  const word = plainWord(summaryOf(record).word);
  const status = record.outcome?.status ?? (record.phase === 'intent' ? 'unknown' : record.status);
  return [word, plainWord(status), record.phase === 'settled' ? 'settled' : 'open'];
}
