import type { Context } from '../context.ts';

/** What the server writes to its standard error, for fronts that want to see it. */
export interface ServerVoice {
  /** The keeper's own context, whose standard error is told instead of written. */
  readonly context: Context;
  /** Hears every line from now on, and the last ones before. */
  listen(listener: (line: string) => void): void;
}

const KEPT_LINES = 50;

export function createServerVoice(context: Context): ServerVoice {
  const before: string[] = [];
  let listener: ((line: string) => void) | undefined;
  const say = (line: string): void => {
    if (listener === undefined) before.push(line);
    else listener(line);
    if (before.length > KEPT_LINES) before.shift();
  };
  const stderr = Object.create(context.stderr, {
    write: {
      value(text: string): boolean {
        for (const line of String(text).split('\n')) if (line !== '') say(line);
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
