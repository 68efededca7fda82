import type { Follower } from './followed-task.ts';

/** Resolves with the first value that is not undefined, looking again at each change; with undefined on abort. */
export function until<T>(
  follower: Pick<Follower, 'onChange'>,
  look: () => T | undefined,
  signal?: AbortSignal,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const finish = (value: T | undefined): void => {
      remove();
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    };
    const onAbort = (): void => finish(undefined);
    const check = (): void => {
      try {
        const value = look();
        if (value !== undefined) finish(value);
      } catch (error) {
        remove();
        signal?.removeEventListener('abort', onAbort);
        reject(error);
      }
    };
    const remove = follower.onChange(check);
    if (signal?.aborted) return finish(undefined);
    signal?.addEventListener('abort', onAbort);
    check();
  });
}
