import type { Context } from '../context.ts';

const queues = new WeakMap<Context, Promise<unknown>>();

/** A terminal shows one form or sign-in at a time; the others wait. */
export function queueForTerminal<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const before = queues.get(context) ?? Promise.resolve();
  const turn = before.then(work, work);
  queues.set(context, turn);
  return turn;
}
