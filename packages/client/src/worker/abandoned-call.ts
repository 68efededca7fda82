import type { JudgedFailure } from '../task/failure.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ProtocolTraits } from '../task/traits.ts';

/** Why a record whose call was not made here is that of a lost call; undefined where it is none. */
export function abandonedCall(record: TaskRecord, { questions }: ProtocolTraits): JudgedFailure | undefined {
  const lost = (message: string): JudgedFailure => ({ kind: 'transport', message, verdict: 'retry' });
  if (record.phase === 'intent') {
    // Prefer the recorded failure to the generic message.
    return lost(record.trouble ?? 'The process that made the call is gone; the call may have run');
  }
  if (record.phase !== 'asking' || record.taskId !== null || questions !== 'requested') return undefined;
  return lost('The connection on which the server asked is gone; the call may have run');
}
