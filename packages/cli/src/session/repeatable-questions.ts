import { type InputRequest, own, type TaskRecord } from '@mcp-tasks/client';

/** How long an acknowledged answer may lie without effect before a person is offered to give it again, in ms. */
const LINGERING_MS = 60_000;

type Questions = Readonly<Record<string, InputRequest>>;

/** What was answered, or refused since it had changed, and is listed all the same. */
export function listedAgain(record: TaskRecord): Questions {
  return pick(record, () => true);
}

/** Of those what a person is offered: an answer that was taken gets a while to take effect. Nothing is sent again by itself. */
export function repeatableQuestions(record: TaskRecord, now: number): Questions {
  return pick(record, (at) => now - at > LINGERING_MS);
}

function pick(record: TaskRecord, isLong: (acknowledgedAt: number) => boolean): Questions {
  if (record.phase === 'settled') return {};
  const found = Object.entries(record.inputRequests).filter(([key]) => {
    const entry = own(record.ledger, key);
    return entry?.state === 'refused' || (entry?.state === 'acknowledged' && isLong(entry.at));
  });
  return Object.fromEntries(found);
}
