import type { TaskRecord } from '@mcp-tasks/client';
import { type Findings, type Ledgers, nonceOf, ZEROS } from './audit.ts';
import { groupBy } from './group-by.ts';
import { LANES, laneOf } from './planned-calls.ts';

const SHOWN = 8;

export interface Figures {
  readonly seed: number;
  readonly tookMs: number;
  readonly ledgers: Ledgers;
  readonly findings: Findings;
  readonly faults: Readonly<Record<string, number>>;
  readonly strikes: Readonly<Record<string, number>>;
  readonly handled: number;
}

function row(name: string, value: string | number): string {
  return `  ${name.padEnd(42)} ${typeof value === 'number' ? value.toLocaleString('en').padStart(9) : value}`;
}

function list(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(' · ');
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);

export function endOf(record: TaskRecord): string {
  if (record.outcome === null) return record.phase === 'intent' ? 'unknown: may have run' : `open (${record.status})`;
  const { status, result } = record.outcome;
  if (record.taskId === null) return status === 'failed' ? 'refused, nothing ran' : `${status} at once`;
  return status === 'completed' && result?.isError === true ? 'completed with isError' : status;
}

export function renderReport({ seed, tookMs, ledgers, findings, faults, strikes, handled }: Figures): string {
  const { records, journal, tasks, passages, answers } = ledgers;
  const count = (kind: string) => journal.filter((entry) => entry.kind === kind).length;
  const ends = groupBy(records, endOf);
  const lanes = Object.fromEntries(LANES.map((lane) => [lane, records.filter((each) => laneOf(each) === lane).length]));
  const prompted = new Set(
    journal.flatMap((entry) => (entry.kind === 'prompt' ? [`${entry.id} ${entry.digest}`] : [])),
  );
  const callers = new Map(journal.flatMap((entry) => (entry.kind === 'calling' ? [[entry.nonce, entry.worker]] : [])));
  const noncesById = new Map(records.map((record) => [record.id, nonceOf(record)]));
  const elsewhere = journal.filter(
    (entry) => entry.kind === 'answered' && callers.get(noncesById.get(entry.id) ?? '') !== entry.worker,
  ).length;
  const lines = [
    `Soak: workers call, answer and cancel while random faults strike; seed ${seed}, ${(tookMs / 60_000).toFixed(1)} minutes`,
    '',
    row('what happened', 'how often'.padStart(9)),
    row('faults injected on the wire', sum(faults)),
    `      ${list(faults)}`,
    row('processes killed or stopped, stores and connections cut', sum(strikes)),
    `      ${list(strikes)}`,
    row('HTTP requests of the clients', passages.length),
    row('polls of many jobs by one list', passages.filter(({ method }) => method.endsWith('list_builds')).length),
    row('requests the servers handled', handled),
    '',
    row('calls', records.length),
    `      ${list(lanes)}`,
    row('tasks created by the servers', tasks.length),
    ...[...ends].sort(([a], [b]) => (a < b ? -1 : 1)).map(([end, all]) => row(`    ${end}`, all.length)),
    row('questions shown to a person', prompted.size),
    row('answers accepted', count('answered')),
    row('    by a process other than the caller', elsewhere),
    row('answers sent over HTTP, repeats included', answers.length),
    row('cancel requests', count('cancelling')),
    '',
    ...ZEROS.map((zero) => row(zero, findings[zero].length)),
  ];
  const found = ZEROS.flatMap((zero) => [
    ...findings[zero].slice(0, SHOWN).map((sentence) => `${zero}: ${sentence}`),
    ...(findings[zero].length > SHOWN ? [`${zero}: and ${findings[zero].length - SHOWN} more`] : []),
  ]);
  return [...lines, ...(found.length === 0 ? [] : ['', ...found])].join('\n');
}
