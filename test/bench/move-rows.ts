import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';

/** Updates the message of each record once a second, as another process that drives the tasks would. */
export async function moveRows(directory: string): Promise<{ stop(): Promise<void> }> {
  const store = await openSqliteStore({ directory, onNotice: () => undefined });
  const ids: string[] = [];
  for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
    const page = await store.list({}, { limit: 500, after });
    ids.push(...page.records.map(({ id }) => id));
    after = page.next;
  }
  let moves = 0;
  let isStopped = false;

  async function moveAll(): Promise<void> {
    moves += 1;
    const statusMessage = `moved ${moves} times`;
    await Promise.all(
      ids.map((id) => store.update(id, (record) => ({ ...record, statusMessage, updatedAt: Date.now() }))),
    );
  }

  async function run(): Promise<void> {
    while (!isStopped) {
      const next = new Promise((resolve) => setTimeout(resolve, 1_000));
      await moveAll();
      await next;
    }
  }

  const running = run();
  return {
    async stop() {
      isStopped = true;
      await running;
      await store.close();
    },
  };
}
