import { isTerminal, openQuestions, type TaskRecord } from '@mcp-tasks/client';
import { argumentsText } from '../../display/distinct-arguments.ts';
import { displayOf } from './task-display.ts';

interface ListedAs {
  readonly hidesSettled?: boolean;
  /** Groups tasks by server; servers with open questions come first. */
  readonly groupsByServer?: boolean;
}

/** Orders by state (open question, open, settled), then newest first. */
export function orderRecords(
  records: Iterable<TaskRecord>,
  filter: string,
  { hidesSettled = false, groupsByServer = false }: ListedAs = {},
): readonly string[] {
  const wanted = filter.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const shown = [...records].filter(
    (record) => (wanted.length === 0 || matches(record, wanted)) && !(hidesSettled && rankOf(record) === 2),
  );
  const first = new Map<string, number>();
  for (const record of groupsByServer ? shown : []) {
    const { label } = record.server;
    first.set(label, Math.min(first.get(label) ?? 2, rankOf(record)));
  }
  const group = (record: TaskRecord) =>
    `${first.get(record.server.label) ?? ''} ${groupsByServer ? record.server.label : ''}`;
  return shown
    .map((record) => ({
      id: record.id,
      group: group(record),
      rank: rankOf(record),
      at: record.phase === 'settled' ? record.updatedAt : record.createdAt,
    }))
    .sort((a, b) => compare(a.group, b.group) || a.rank - b.rank || b.at - a.at || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rankOf(record: TaskRecord): number {
  if (record.phase === 'settled' || isTerminal(record.status)) return 2;
  return Object.keys(openQuestions(record)).length > 0 ? 0 : 1;
}

/** True if the record's text, including all its arguments, contains every word. */
function matches(record: TaskRecord, words: readonly string[]): boolean {
  const display = displayOf(record);
  const { id, tool, server, taskId } = record;
  const text = [id, tool, argumentsText(record), server.label, taskId ?? '', display.word, display.message]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Ids of the list, with the model's filter and order. */
export function orderOf(
  records: Iterable<TaskRecord>,
  { filter, hidesSettled, groupsByServer }: ListedAs & { readonly filter: { readonly text: string } },
): readonly string[] {
  return orderRecords(records, filter.text, {
    ...(hidesSettled === undefined ? {} : { hidesSettled }),
    ...(groupsByServer === undefined ? {} : { groupsByServer }),
  });
}
