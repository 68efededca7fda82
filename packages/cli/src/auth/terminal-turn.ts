import type { Context } from '../context.ts';

const lines = new WeakMap<Context, Promise<unknown>>();

/** A person has one keyboard: a form and a sign-in wait for each other. */
export function takeTurn<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const before = lines.get(context) ?? Promise.resolve();
  const turn = before.then(work, work);
  lines.set(context, turn);
  return turn;
}
