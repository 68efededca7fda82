import { createFakeClock } from '@mcp-tasks/client/testing';
import type { Context } from '../context.ts';
import type { Session } from './session.ts';

/** A session on a fake clock, with the lines and live lines that it prints; the rest of it is missing. */
export function createFakeSession({ isLive = false }: { readonly isLive?: boolean } = {}) {
  const clock = createFakeClock();
  const interrupt = new AbortController();
  const lines: string[] = [];
  const live: (string | undefined)[] = [];
  const context = {
    clock,
    now: clock.now,
    interrupt: interrupt.signal,
    env: {},
    platform: 'linux',
  } as Partial<Context>;
  const printer = {
    json: false,
    isLive,
    line: (text: string) => void lines.push(text),
    live: (text: string | undefined) => void live.push(text),
  } as Partial<Session['printer']>;
  return { clock, interrupt, lines, live, session: { context, printer } as Session };
}
