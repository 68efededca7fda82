import type { TaskRecord } from '@mcp-tasks/client';
import { canonical, type Findings, type Ledgers, nonceOf } from './audit.ts';
import { nonceOfCall } from './audit-calls.ts';
import { groupBy } from './group-by.ts';
import type { ServerTask } from './server-ledger.ts';
import type { Passage } from './wire-ledger.ts';

type Zeros = Pick<
  Findings,
  'cancels nobody asked for' | "outcomes that differ from the server's" | 'ended on the server, open in the record'
>;

export function auditOutcomes({ records, tasks, passages, others, journal }: Ledgers): Zeros {
  const cancels: string[] = [];
  const differing: string[] = [];
  const unfinished: string[] = [];
  const byTask = new Map(tasks.map((task) => [task.id, task]));
  const recordOf = new Map(records.map((record) => [record.taskId, record]));
  const calls = groupBy(
    passages.filter(({ method }) => method === 'tools/call'),
    nonceOfCall,
  );
  const requested = new Set(journal.flatMap((entry) => (entry.kind === 'cancelling' ? [entry.id] : [])));

  for (const { method, params } of passages) {
    if (method !== 'tasks/cancel') continue;
    const record = recordOf.get(String(params.taskId));
    if (record === undefined || !requested.has(record.id)) cancels.push(`tasks/cancel of ${String(params.taskId)}`);
  }
  for (const { id, status } of tasks) {
    if (status === 'cancelled' && !requested.has(recordOf.get(id)?.id ?? '')) cancels.push(`task ${id} was cancelled`);
  }
  for (const method of others) if (method === 'DELETE') cancels.push('a session was ended');

  for (const record of records) {
    const task = byTask.get(record.taskId ?? '');
    const what = `${nonceOf(record)} (${record.tool}, ${record.revision}, record ${record.id})`;
    if (record.taskId !== null && task === undefined) differing.push(`${what}: no server made task ${record.taskId}`);
    else if (task !== undefined && record.outcome === null) {
      unfinished.push(`${what}: ${record.status} here, ${task.status} there${describeTrouble(record)}`);
    } else if (task !== undefined && !agrees(record, task)) {
      differing.push(`${what}: ${short(record.outcome)} here, ${short(task)} there`);
    } else if (
      record.taskId === null &&
      record.outcome !== null &&
      !matchesReply(record, calls.get(nonceOf(record)) ?? [])
    ) {
      differing.push(`${what}: ${short(record.outcome)} here, and no reply of the server matches`);
    } else if (record.taskId === null && record.phase === 'asking') {
      unfinished.push(`${what}: still asks before its task`);
    }
  }
  return {
    'cancels nobody asked for': cancels,
    "outcomes that differ from the server's": differing,
    'ended on the server, open in the record': unfinished,
  };
}

function describeTrouble({ trouble }: TaskRecord): string {
  return trouble === undefined ? '' : ` (${trouble})`;
}

function short(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 300) ?? String(value);
}

function agrees({ outcome, revision }: TaskRecord, task: ServerTask): boolean {
  if (outcome === null) return false;
  // On 2025-11-25 a tool error is a failed task with a result.
  const toolFailed = revision === '2025-11-25' && task.result?.isError === true;
  if (outcome.status !== (toolFailed ? 'failed' : task.status)) return false;
  if (task.status === 'completed') return canonical(outcome.result) === canonical(task.result);
  if (task.status !== 'failed') return true;
  const { code, message, data } = outcome.error ?? { code: 0, message: '' };
  const same = message === task.error?.message || message.endsWith(`: ${task.error?.message}`);
  return code === task.error?.code && same && canonical(data) === canonical(task.error?.data);
}

/** A call without a task: its outcome must equal the reply of the server or the proxy. */
function matchesReply({ outcome, server }: TaskRecord, calls: readonly Passage[]): boolean {
  if (server.target.kind !== 'url') return true; // stdio has no proxy
  if (outcome?.status === 'completed') {
    return calls.some(({ answer }) => canonical(answer?.result) === canonical(outcome.result));
  }
  // Failed with an error of the server, or before it reached the server: nothing ran.
  if (outcome?.status !== 'failed') return false;
  return calls.some(({ answer, reached }) => answer?.error !== undefined || (reached === 0 && answer === undefined));
}
