import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { TargetWords } from '../targets/resolve-target.ts';

/** What the declarations of commands need: each action ends with an exit code. */
export interface Declaring {
  readonly context: Context;
  /** What stood behind `--`. */
  readonly command: readonly string[] | undefined;
  finish(code: ExitCode): void;
}

/** The target of a command with `[target]` or `<target>`, or the command behind `--`. */
export function wordsOf(text: string | undefined, { command }: Declaring): TargetWords {
  return { text, command };
}
