import type { TaskRecord } from '@mcp-tasks/client';
import { formatDuration } from './duration.ts';
import { questionsForPeople } from './question-text.ts';
import { safeText } from './safe-text.ts';
import { statusWord } from './status-word.ts';
import { table } from './table.ts';

/** The list of records, one line each; only as wide as the terminal, and whole in a pipe. */
export function recordTable(records: readonly TaskRecord[], now: number, stream: NodeJS.WriteStream): Promise<string> {
  const rows = records.map((record) => [
    record.id,
    stateOf(record),
    cell(record.tool),
    cell(record.server.label),
    `${formatDuration(now - record.createdAt)} ago`,
    saidOf(record),
  ]);
  const width = stream.isTTY ? stream.columns : undefined;
  return table(['ID', 'STATUS', 'TOOL', 'SERVER', 'CALLED', 'MESSAGE'], rows, width);
}

function stateOf(record: TaskRecord): string {
  if (record.outcome !== null) return record.outcome.status;
  if (record.phase === 'intent') return 'unknown';
  return record.cancelRequestedAt === undefined ? statusWord(record.status) : 'cancelling';
}

function saidOf(record: TaskRecord): string {
  if (record.phase === 'intent') return 'may have run';
  const keys = Object.keys(questionsForPeople(record));
  const asks = keys.length === 0 ? '' : `asks ${keys.map((key) => cell(key)).join(', ')}: `;
  const error = record.outcome?.error?.message;
  return `${asks}${safeText(error ?? record.trouble ?? record.statusMessage ?? '', { maxLength: 200 })}`;
}

function cell(text: string): string {
  return safeText(text, { maxLength: 60 });
}
