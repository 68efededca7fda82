import type { TaskRecord } from '@mcp-tasks/client';
import { groupBy } from '../group-by.ts';
import type { ServerTask } from '../server-ledger.ts';
import type { BridgeEntry } from './event-log.ts';
import type { BridgeCall } from './host-setup.ts';

export const BRIDGE_ZEROS = [
  'lost',
  'run twice',
  'decided without a person',
  'never delivered',
  'results of another call',
  'unknown without a kill',
  'hosts that ended by themselves',
] as const;
export type BridgeZero = (typeof BRIDGE_ZEROS)[number];

export interface BridgeLedgers {
  readonly plannedCalls: readonly BridgeCall[];
  readonly tasks: readonly ServerTask[];
  readonly records: readonly TaskRecord[];
  readonly eventLog: readonly BridgeEntry[];
  readonly crashes: readonly string[];
}

/** A host killed this soon after its front wrote a result may have lost the result, in ms. */
const DIED_WITH_IT_MS = 3_000;

type Kind<K extends BridgeEntry['kind']> = Extract<BridgeEntry, { readonly kind: K }>;

export function auditBridge(ledgers: BridgeLedgers): Readonly<Record<BridgeZero, readonly string[]>> {
  const { plannedCalls, tasks, records, eventLog, crashes } = ledgers;
  const of = <K extends BridgeEntry['kind']>(kind: K) => eventLog.filter((each): each is Kind<K> => each.kind === kind);
  const got = groupBy(of('got'), ({ nonce }) => nonce);
  const unknown = groupBy(of('unknown'), ({ nonce }) => nonce);
  const calling = groupBy(of('calling'), ({ nonce }) => nonce);
  const answered = groupBy(of('answering'), ({ nonce }) => nonce);
  const kills = of('killed');
  const tasksOf = groupBy(tasks, ({ nonce }) => nonce);
  const recordsOf = groupBy(records, ({ arguments: { soak } }) => String(soak));
  const killedBetween = (from: number, to: number): boolean => kills.some(({ at }) => at >= from && at <= to);

  const open = plannedCalls.filter(({ nonce }) => calling.has(nonce) && !got.has(nonce) && !unknown.has(nonce));
  const hasEnded = ({ nonce }: BridgeCall): boolean =>
    (tasksOf.get(nonce) ?? []).some(({ result, error }) => result !== null || error !== null);

  /** Whether the first run was delivered: its host received the result or died with it, so the next call runs again. */
  function mayRunAgain(nonce: string): boolean {
    const first = recordsOf.get(nonce)?.map(({ deliveredAt }) => deliveredAt) ?? [];
    const delivered = first.filter((at) => typeof at === 'number');
    const runs = tasksOf.get(nonce)?.length ?? 0;
    const given = delivered.filter(
      (at) =>
        (got.get(nonce) ?? []).some((entry) => Math.abs(entry.at - at) < DIED_WITH_IT_MS) ||
        killedBetween(at - DIED_WITH_IT_MS, at + DIED_WITH_IT_MS),
    );
    return given.length >= runs - 1;
  }

  return {
    lost: [
      ...open.filter((planned) => !hasEnded(planned)).map(({ nonce, lane }) => `${nonce} on ${lane} has no end`),
      ...tasks.filter(({ nonce }) => !recordsOf.has(nonce)).map(({ id, nonce }) => `${id} of ${nonce} is on no record`),
    ],
    'run twice': [...tasksOf]
      .filter(([nonce, made]) => made.length > 1 && !mayRunAgain(nonce))
      .map(([nonce, made]) => `${nonce} made ${made.length} tasks: ${made.map(({ id }) => id).join(' ')}`),
    'decided without a person': tasks.flatMap((task) =>
      Object.entries(task.answers)
        .filter(([, answer]) => !wasGiven(answered.get(task.nonce) ?? [], answer))
        .map(([key, answer]) => `${task.nonce} got ${JSON.stringify(answer)} for ${key}`),
    ),
    'never delivered': open.filter(hasEnded).map(({ nonce, lane }) => `${nonce} on ${lane} ended there`),
    'results of another call': of('got')
      .filter(({ nonce, text }) => !new RegExp(`\\b${nonce}\\b`).test(text))
      .map(({ nonce, text }) => `${nonce} got ${JSON.stringify(text.slice(0, 200))}`),
    'unknown without a kill': of('unknown')
      .filter(({ nonce, at }) => !killedBetween((calling.get(nonce)?.[0]?.at ?? at) - DIED_WITH_IT_MS, at))
      .map(({ nonce }) => nonce),
    'hosts that ended by themselves': crashes,
  };
}

/** Compares answers without keys: questions of 2025-11-25 have no key that both sides know. */
function wasGiven(given: readonly Kind<'answering'>[], answer: unknown): boolean {
  return given.some(({ response }) => isSameAnswer(response, answer));
}

/** A server may save an answer with defaults filled in: compare the fields that the person gave. */
function isSameAnswer(given: object, kept: unknown): boolean {
  const { action, content = {} } = given as { action: string; content?: object };
  const there = kept as { action?: string; content?: Readonly<Record<string, unknown>> };
  return (
    there.action === action &&
    Object.entries(content).every(([name, value]) => JSON.stringify(there.content?.[name]) === JSON.stringify(value))
  );
}
