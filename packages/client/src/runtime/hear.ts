import { streamKey } from '../core/stream-key.ts';
import type { Follower } from './follower.ts';
import type { Listener } from './stream-questions.ts';

/** Takes in what the server asks on one stream. */
export function hear(follower: Follower): Listener {
  const { id, taskId } = follower.record;
  const heard = new Set<string>();
  return {
    id,
    taskId,
    keyOf(request) {
      const key = streamKey(follower.record, request, heard);
      heard.add(key);
      return key;
    },
    ask: (key, request) => follower.dispatch({ type: 'question-arrived', key, request }),
  };
}
