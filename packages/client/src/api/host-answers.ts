import type { Connection } from '../connect/connection.ts';
import { audienceOf } from '../task/audience.ts';
import { openQuestions } from '../task/record.ts';
import type { Follower } from '../worker/followed-task.ts';
import type { Question } from './client-api.ts';

/** Passes each open question to the handlers of the host, once. Unanswered ones stay open for a person. */
export function createHostAnswers(
  connection: Connection,
  questionOf: (follower: Follower, key: string) => Question,
): (follower: Follower) => void {
  const asked = new WeakMap<Follower, Set<string>>();

  return (follower) => {
    if (connection.askHost === undefined || !follower.leading) return;
    const before = asked.get(follower) ?? new Set();
    asked.set(follower, before);
    for (const key of Object.keys(openQuestions(follower.record))) {
      if (audienceOf(follower.record, key) !== undefined) continue; // an audience is set: no handler answers
      const question = questionOf(follower, key);
      const seen = `${key} ${question.digest}`;
      if (before.has(seen)) continue;
      before.add(seen);
      connection
        .askHost(question.request)
        .then((response) => question.answer(response))
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          const message = `Question "${key}" is not answered by the host: ${reason}`;
          follower.broadcast.publish({ kind: 'warning', message, record: follower.record });
        });
    }
  };
}
