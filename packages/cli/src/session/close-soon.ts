import type { Context } from '../context.ts';

const ENOUGH_MS = 300;

/** Closes it, and waits no longer than 300 ms: a child may take its time to end, and the person wants the prompt back. */
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
