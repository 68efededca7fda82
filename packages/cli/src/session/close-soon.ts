import type { Context } from '../context.ts';
import { valueWithin } from '../timers.ts';

const LIMIT_MS = 300;

/** Closes the resource, waiting at most 300 ms: a child process can take arbitrarily long to exit. */
export async function closeSoon(
  resource: { close(): Promise<unknown> },
  { clock }: Pick<Context, 'clock'>,
): Promise<void> {
  await valueWithin(
    clock,
    LIMIT_MS,
    resource.close().catch(() => undefined),
  );
}
