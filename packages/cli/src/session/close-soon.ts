/** Ending a child takes as long as the child likes; a person who leaves waits for none. */
export async function closeSoon(resource: { close(): Promise<unknown> }): Promise<void> {
  const enough = new Promise((resolve) => setTimeout(resolve, 300));
  await Promise.race([resource.close().catch(() => undefined), enough]);
}
