import type { Follower } from './followed-task.ts';
import { LazyAbort } from './lazy-abort.ts';

/** Resolves to the first value that is not undefined, checked at each change; to undefined on abort. */
export function until<T>(
  follower: Pick<Follower, 'onChange'>,
  read: () => T | undefined,
  stop?: AbortSignal | LazyAbort,
): Promise<T | undefined> {
  const signal = stop instanceof LazyAbort ? undefined : stop;
  const lazy = stop instanceof LazyAbort ? stop : undefined;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      remove();
      signal?.removeEventListener('abort', onAbort);
      lazy?.offAbort(onAbort);
    };
    const onAbort = (): void => {
      leave();
      resolve(undefined);
    };
    const check = (): void => {
      try {
        const value = read();
        if (value === undefined) return;
        leave();
        resolve(value);
      } catch (error) {
        leave();
        reject(error);
      }
    };
    const remove = follower.onChange(check);
    if (signal?.aborted || lazy?.isAborted) return onAbort();
    signal?.addEventListener('abort', onAbort);
    lazy?.onAbort(onAbort);
    check();
  });
}
