import type { Follower } from '../followed-task.ts';
import type { Listener } from './listener.ts';

/** Receives the server's questions for one task: on one stream, or without an open stream. */
export function createListener(follower: Follower, { isPlain = false } = {}): Listener {
  const keys = new Set<string>();
  return {
    id: follower.record.id,
    isPlain,
    get taskId() {
      return follower.record.taskId;
    },
    keyOf(request) {
      const key = follower.dialect.requests?.keyOf(follower.record, request, keys) ?? request.method;
      keys.add(key);
      return key;
    },
    ask: (key, request) => follower.dispatch({ type: 'question-arrived', key, request }),
    withdraw: (key) => void keys.delete(key),
  };
}
