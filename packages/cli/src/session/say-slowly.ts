import { commandToPaste } from '../display/quote-command.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import type { Session } from './session.ts';

/** After so long a person is told what is waited for. */
const SLOW_MS = 2_000;

/** The same promise; when it takes longer than `afterMs`, a line says once what is waited for. @default afterMs 2_000 */
export async function saySlowly<T>(
  { context, printer }: Pick<Session, 'context' | 'printer'>,
  work: Promise<T>,
  text: string,
  afterMs = SLOW_MS,
): Promise<T> {
  const stopSaying = context.clock.schedule(afterMs, () => printer.line(text));
  try {
    return await work;
  } finally {
    stopSaying();
  }
}

/** `Connecting to https://example.com/mcp …`, `Starting npx -y some-server …` */
export function connectingText({ target, words }: ResolvedTarget): string {
  const shown = commandToPaste(words[0] === '--' ? words.slice(1) : words);
  return target.kind === 'command' ? `Starting ${shown} …` : `Connecting to ${shown} …`;
}
