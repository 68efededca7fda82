import type { JudgedFailure } from '../task/failure.ts';
import type { TaskRecord } from '../task/record.ts';
import type { ProtocolTraits } from '../task/traits.ts';

/** The failure of a lost call, if the record's call was made by a process that has ended; else undefined. */
export function abandonedCall(record: TaskRecord, { questions }: ProtocolTraits): JudgedFailure | undefined {
  const lost = (message: string): JudgedFailure => ({ kind: 'transport', message, verdict: 'retry' });
  if (record.phase === 'intent') {
    // Prefer the recorded failure to the generic message.
    return lost(record.trouble ?? 'The process that made the call has ended; the call may have run');
  }
  if (record.phase !== 'asking' || record.taskId !== null || questions !== 'requested') return undefined;
  return lost('The connection on which the server asked has ended; the call may have run');
}
