import { commandToPaste } from '../display/quote-command.ts';
import type { ResolvedTarget } from '../targets/resolved-target.ts';
import type { Session } from './session.ts';

/** When somebody who waits wants to know for what. */
const SLOW_MS = 2_000;

/** The same promise; when it takes a while, what is waited for is said once. */
export async function saySlowly<T>({ printer }: Session, work: Promise<T>, text: string): Promise<T> {
  const slow = setTimeout(() => printer.line(text), SLOW_MS);
  try {
    return await work;
  } finally {
    clearTimeout(slow);
  }
}

/** `Connecting to https://example.com/mcp …`, `Starting npx -y some-server …` */
export function connectingText({ target, words }: ResolvedTarget): string {
  const shown = commandToPaste(words[0] === '--' ? words.slice(1) : words);
  return target.kind === 'command' ? `Starting ${shown} …` : `Connecting to ${shown} …`;
}
