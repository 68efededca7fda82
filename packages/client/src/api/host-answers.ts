import type { Connection } from '../connect/connection.ts';
import { own } from '../task/own.ts';
import { openQuestions } from '../task/record.ts';
import type { Follower } from '../worker/follower.ts';
import type { TaskHandle } from './client-api.ts';

/** Puts each open question to the handlers of the host, once. What they do not answer stays open for a person. */
export function createHostAnswers(
  connection: Connection,
  handleOf: (follower: Follower) => Pick<TaskHandle, 'answer'>,
): (follower: Follower) => void {
  const asked = new WeakMap<Follower, Set<string>>();

  return (follower) => {
    if (connection.askHost === undefined || !follower.leading) return;
    const before = asked.get(follower) ?? new Set();
    asked.set(follower, before);
    for (const [key, request] of Object.entries(openQuestions(follower.record))) {
      const question = `${key} ${own(follower.record.ledger, key)?.digest}`;
      if (before.has(question)) continue;
      before.add(question);
      connection
        .askHost(request)
        .then((response) => handleOf(follower).answer(key, response, { question: request }))
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          const message = `Question "${key}" is not answered by the host: ${reason}`;
          follower.broadcast.publish({ kind: 'warning', message, record: follower.record });
        });
    }
  };
}
