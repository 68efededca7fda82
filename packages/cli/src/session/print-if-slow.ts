import { commandToPaste } from '../display/quote-command.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import type { Session } from './session.ts';

/** Delay before the waiting is explained on standard error, in ms. */
const SLOW_MS = 2_000;

/** Returns the same promise; if it takes longer than `afterMs`, prints the text once. @default afterMs 2_000 */
export async function printIfSlow<T>(
  { context, printer }: Pick<Session, 'context' | 'printer'>,
  work: Promise<T>,
  text: string,
  afterMs = SLOW_MS,
): Promise<T> {
  const cancelPrint = context.clock.schedule(afterMs, () => printer.line(text));
  try {
    return await work;
  } finally {
    cancelPrint();
  }
}

/** `Connecting to https://example.com/mcp …`, `Starting npx -y some-server …` */
export function connectingText({ target, words }: ResolvedTarget): string {
  const shown = commandToPaste(words[0] === '--' ? words.slice(1) : words);
  return target.kind === 'command' ? `Starting ${shown} …` : `Connecting to ${shown} …`;
}
