import type { Context } from '../context.ts';

const ENOUGH_MS = 300;

/** Closes the resource, waiting at most 300 ms: a child process can take arbitrarily long to exit. */
export async function closeSoon(
  resource: { close(): Promise<unknown> },
  { clock }: Pick<Context, 'clock'>,
): Promise<void> {
  let cancel = (): void => undefined;
  const enough = new Promise<void>((resolve) => {
    cancel = clock.schedule(ENOUGH_MS, resolve);
  });
  await Promise.race([resource.close().catch(() => undefined), enough]);
  cancel();
}
