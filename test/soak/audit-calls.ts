import type { TaskRecord } from '@mcp-tasks/client';
import { type Findings, type Ledgers, nonceOf } from './audit.ts';
import { groupBy } from './group-by.ts';
import type { Entry } from './journal.ts';
import type { ServerTask } from './server-ledger.ts';
import type { Passage } from './wire-ledger.ts';

/** Grace beyond a client's slowest reply: a client that acts later must have recorded its reply, in ms. */
const READING_MS = 5_000;
/** Window around a reply whose other replies show how busy the client was, in ms. */
const AROUND_MS = 30_000;

type Killed = Extract<Entry, { kind: 'killed' }>;
type Absence = Extract<Entry, { kind: 'store-lost' | 'stopped' }>;
type Called = Extract<Entry, { kind: 'called' }>;

export function auditCalls(ledgers: Ledgers): Pick<Findings, 'lost' | 'duplicate calls'> {
  const { records, tasks, journal, passages } = ledgers;
  const byNonce = groupBy(records, nonceOf);
  const calls = passages.filter(({ method }) => method === 'tools/call');
  const kills = journal.filter((entry): entry is Killed => entry.kind === 'killed');
  const lost: string[] = [];
  const twice: string[] = [];

  for (const task of tasks) {
    const ours = byNonce.get(task.nonce) ?? [];
    const [record] = ours;
    if (record === undefined) lost.push(`${task.lane}: task ${task.id} of ${task.nonce} is on no record`);
    else if (record.taskId === null && !mayBeUnrecorded(task, record)) {
      lost.push(
        `${task.lane}: the reply that created task ${task.id} arrived, and record ${record.id} is ${record.phase}`,
      );
    }
  }
  for (const entry of journal) {
    if (entry.kind === 'called' && !entry.onDisk)
      lost.push(`${entry.nonce} was returned to its caller before it was on disk`);
    if (entry.kind === 'recorded' && !byNonce.has(entry.nonce))
      lost.push(`${entry.nonce} was recorded, and its record is gone`);
  }
  for (const call of calls) {
    const [record] = byNonce.get(nonceOfCall(call)) ?? [];
    if (record === undefined) lost.push(`${nonceOfCall(call)} was called without a record`);
  }

  for (const [nonce, made] of groupBy(tasks, ({ nonce }) => nonce)) {
    if (made.length > 1) twice.push(`${nonce} made ${made.length} tasks`);
  }
  for (const [nonce, ours] of byNonce) if (ours.length > 1) twice.push(`${nonce} is on ${ours.length} records`);
  for (const [round, sent] of groupBy(calls, roundOf)) {
    const acted = sent.filter((call) => !isRefused(call));
    if (acted.length > 1) twice.push(`${round} was sent ${acted.length} times`);
  }
  return { lost, 'duplicate calls': twice };

  /** Whether the reply never arrived, or its receiver was killed before it could write. */
  function mayBeUnrecorded(task: ServerTask, record: TaskRecord): boolean {
    if (record.phase !== 'intent' || record.status !== 'unknown') return false;
    const calling = journal.find((entry) => entry.kind === 'calling' && entry.nonce === task.nonce);
    const caller = calling?.worker;
    if (task.lane.endsWith('stdio')) {
      // No proxy records a stdio connection: either end was killed during the call.
      return kills.some(({ what, at }) => (what === caller || what === 'stdio server') && at >= (calling?.at ?? 0));
    }
    // Another process may send a later round of the call; the last round creates the task.
    const rounds = calls.filter(
      (call) => nonceOfCall(call) === task.nonce && call.deliveredAt !== undefined && !createdNoTask(call),
    );
    return rounds.every(
      (round) => wasKilledSending(round) || wasKilledReading(round) || hasClosedReading(task.lane, round),
    );
  }

  /** The client's longest time to record a reply around that instant; it grows on a busy machine. */
  function slowestMs(worker: string | undefined, around: number): number {
    const times = calls.flatMap((call) => {
      const { deliveredAt = 0 } = call;
      if (call.worker !== worker || Math.abs(deliveredAt - around) > AROUND_MS || createdNoTask(call)) return [];
      const nonce = nonceOfCall(call);
      const called = journal.find((entry): entry is Called => entry.kind === 'called' && entry.nonce === nonce);
      return called !== undefined && called.worker === worker ? [called.at - deliveredAt] : [];
    });
    return Math.max(0, ...times);
  }

  /** Whether the client closed the connection itself just after the reply arrived. */
  function hasClosedReading(lane: string, { worker, at: sentAt, deliveredAt: arrivedAt = 0 }: Passage): boolean {
    return journal.some(
      (entry) =>
        entry.kind === 'connection-ended' &&
        entry.worker === worker &&
        entry.lane === lane &&
        entry.at >= sentAt &&
        entry.at < arrivedAt + READING_MS,
    );
  }

  /** Whether the client was killed just before its request reached the wire, with no entry of its next process yet. */
  function wasKilledSending({ worker, at: sentAt }: Passage): boolean {
    const killedAt = kills.findLast(({ what, at }) => what === worker && at < sentAt)?.at;
    if (killedAt === undefined) return false;
    return !journal.some((entry) => entry.worker === worker && entry.at >= killedAt && entry.at <= sentAt);
  }

  /**
   * Whether the receiver was killed before it could record the reply. A dead process's socket accepts data for a while.
   */
  function wasKilledReading({ worker, at: sentAt, deliveredAt: arrivedAt = 0 }: Passage): boolean {
    const killedAt = kills.find(({ what, at }) => what === worker && at >= sentAt)?.at;
    if (killedAt === undefined) return false;
    const busyMs = slowestMs(worker, arrivedAt);
    // A reply that arrives while the store is lost or the worker is stopped is recorded afterwards.
    const absences = journal.filter((entry): entry is Absence => isAbsenceOf(entry, worker));
    const ends = absences.filter(({ at }) => at < arrivedAt + busyMs + READING_MS).map(({ at, forMs }) => at + forMs);
    const readFrom = Math.max(arrivedAt + busyMs, ...ends) + READING_MS;
    return !journal.some((entry) => entry.worker === worker && entry.at >= readFrom && entry.at < killedAt);
  }
}

function isAbsenceOf(entry: Entry, worker: string | undefined): boolean {
  if (entry.kind === 'stopped') return entry.what === worker;
  return entry.kind === 'store-lost' && entry.worker === worker;
}

export function nonceOfCall({ params }: Passage): string {
  return String((params.arguments as { readonly soak?: unknown } | undefined)?.soak);
}

/** One round of one call: answers to questions before a task are sent with another call. */
function roundOf(call: Passage): string {
  return `${nonceOfCall(call)} ${String(call.params.requestState ?? '')}`.trim();
}

/** Whether this round created no task: the server asked for input first, or for another form of the call. */
function createdNoTask(call: Passage): boolean {
  const result = call.answer?.result as { readonly resultType?: string } | undefined;
  return result?.resultType === 'input_required' || isRefused(call);
}

/** Refused because the tool is only called as a task: nothing ran. */
function isRefused({ answer }: Passage): boolean {
  const code = (answer?.error as { readonly code?: number } | undefined)?.code;
  return code === -32601 || code === -32600;
}
