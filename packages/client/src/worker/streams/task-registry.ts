import type { ClientContext } from '../client-context.ts';
import type { Follower } from '../followed-task.ts';
import type { Listener } from './listener.ts';
import type { TaskRegistry } from './pending-requests.ts';
import { createListener } from './question-listener.ts';

/** The tasks of one client, for questions that arrive without an open stream. */
export function createTaskRegistry(followers: ReadonlyMap<string, Follower>, around: ClientContext): TaskRegistry {
  const { connection, store, observe } = around;
  const listeners = new WeakMap<Follower, Listener>();

  function listenerTo(follower: Follower): Listener {
    const listener = listeners.get(follower) ?? createListener(follower);
    listeners.set(follower, listener);
    return listener;
  }

  return {
    listenerOf(taskId) {
      if (observe) return undefined; // an observer holds a lease only while it polls, and receives no questions
      const led = [...followers.values()].find(({ record, leading }) => leading && record.taskId === taskId);
      return led === undefined ? undefined : listenerTo(led);
    },
    async isOnRecord(taskId) {
      const { fingerprint } = connection.identity;
      return (await store.find(taskId)).records.some(
        (each) => each.taskId === taskId && each.server.fingerprint === fingerprint,
      );
    },
  };
}
