import type { Surroundings } from './client-context.ts';
import type { Follower } from './follower.ts';
import type { Household } from './pending-requests.ts';
import { hear } from './question-listener.ts';
import type { Listener } from './stream-questions.ts';

/** The tasks of one client, for questions that come while no stream of theirs is open. */
export function createHousehold(followers: ReadonlyMap<string, Follower>, around: Surroundings): Household {
  const { connection, store, observe } = around;
  const listeners = new WeakMap<Follower, Listener>();

  function listenerTo(follower: Follower): Listener {
    const listener = listeners.get(follower) ?? hear(follower);
    listeners.set(follower, listener);
    return listener;
  }

  return {
    listenerOf(taskId) {
      if (observe) return undefined; // holds the lease for a moment at a time, and takes in no question
      const led = [...followers.values()].find(({ record, leading }) => leading && record.taskId === taskId);
      return led === undefined ? undefined : listenerTo(led);
    },
    async isOnRecord(taskId) {
      const { fingerprint } = connection.identity;
      return (await store.find(taskId)).some(
        (each) => each.taskId === taskId && each.server.fingerprint === fingerprint,
      );
    },
  };
}
