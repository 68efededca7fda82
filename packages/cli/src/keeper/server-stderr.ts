import type { Context } from '../context.ts';

/** The server's stderr, for fronts. */
export interface ServerStderr {
  /** A context whose stderr goes to the listeners. */
  readonly context: Context;
  /** Calls the listener with the last lines and every later one. */
  listen(listener: (line: string) => void): void;
}

const KEPT_LINES = 50;

export function createServerStderr(context: Context): ServerStderr {
  const before: string[] = [];
  let listener: ((line: string) => void) | undefined;
  const emit = (line: string): void => {
    if (listener === undefined) before.push(line);
    else listener(line);
    if (before.length > KEPT_LINES) before.shift();
  };
  const stderr = Object.create(context.stderr, {
    write: {
      value(text: string): boolean {
        for (const line of String(text).split('\n')) if (line !== '') emit(line);
        return true;
      },
    },
  }) as NodeJS.WriteStream;
  return {
    context: { ...context, stderr },
    listen(next) {
      listener = next;
      for (const line of before.splice(0)) next(line);
    },
  };
}
