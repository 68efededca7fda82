const LONGEST_MS = 60_000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until the condition holds; a poll that throws counts as false. @throws after a minute */
export async function waitFor(condition: () => Promise<boolean> | boolean, everyMs = 100): Promise<void> {
  const until = Date.now() + LONGEST_MS;
  for (;;) {
    const holds = await Promise.resolve()
      .then(condition)
      .catch(() => false);
    if (holds) return;
    if (Date.now() > until) throw new Error(`Waited in vain: ${condition}`);
    await pause(everyMs);
  }
}
