import type { Context } from '../context.ts';

/** Resolves to true at the next Enter, to false at the abort. The terminal keeps its line mode: Ctrl-C stays a signal. */
export function pressEnter(
  { stdin, interrupt }: Pick<Context, 'stdin' | 'interrupt'>,
  over: AbortSignal,
): Promise<boolean> {
  const signal = AbortSignal.any([over, interrupt]);
  return new Promise((resolve) => {
    const settle = (isPressed: boolean): void => {
      stdin.off('data', read);
      signal.removeEventListener('abort', abandon);
      if (stdin.listenerCount('data') === 0) stdin.pause();
      resolve(isPressed);
    };
    const abandon = (): void => settle(false);
    const read = (chunk: Buffer | string): void => {
      // In raw mode another question reads the keys.
      if (!stdin.isRaw && /[\r\n]/.test(chunk.toString())) settle(true);
    };
    if (signal.aborted) {
      resolve(false);
      return;
    }
    stdin.on('data', read);
    stdin.resume(); // the form paused it
    signal.addEventListener('abort', abandon);
  });
}
