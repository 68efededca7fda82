import { type InputRequest, own, type TaskRecord } from '@mcp-tasks/client';

/** Time without effect after which an acknowledged answer is offered again, in ms. */
const LINGERING_MS = 60_000;

type Questions = Readonly<Record<string, InputRequest>>;

/** Questions still listed although they were answered, or whose answer was refused because the question changed. */
export function listedAgain(record: TaskRecord): Questions {
  return filterQuestions(record, () => true);
}

/**
 * Of these, the questions offered to a person again: acknowledged over 60 s ago, or refused. Nothing is resent
 * automatically.
 */
export function repeatableQuestions(record: TaskRecord, now: number): Questions {
  return filterQuestions(record, (at) => now - at > LINGERING_MS);
}

function filterQuestions(record: TaskRecord, isLong: (acknowledgedAt: number) => boolean): Questions {
  if (record.phase === 'settled') return {};
  const found = Object.entries(record.inputRequests).filter(([key]) => {
    const entry = own(record.ledger, key);
    return entry?.state === 'refused' || (entry?.state === 'acknowledged' && isLong(entry.at));
  });
  return Object.fromEntries(found);
}
