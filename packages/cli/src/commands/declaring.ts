import type { Context } from '../context.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { TargetWords } from '../targets/resolve-target.ts';

/** Input of the command declarations; each action ends with an exit code. */
export interface Declaring {
  readonly context: Context;
  /** Words after `--`. */
  readonly command: readonly string[] | undefined;
  finish(code: ExitCode): void;
}

/** Target of a command with `[target]` or `<target>`, or the command after `--`. */
export function wordsOf(text: string | undefined, { command }: Declaring): TargetWords {
  return { text, command };
}
