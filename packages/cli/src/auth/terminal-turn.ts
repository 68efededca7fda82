import type { Context } from '../context.ts';

const lines = new WeakMap<Context, Promise<unknown>>();

/** A terminal shows one form or sign-in at a time; the others wait. */
export function takeTurn<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const before = lines.get(context) ?? Promise.resolve();
  const turn = before.then(work, work);
  lines.set(context, turn);
  return turn;
}
