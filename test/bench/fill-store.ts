import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';

/** Most records settled today; one of every `openEach` is open, on a server that is gone. */
export async function fillStore(directory: string, count: number, { openEach = 50 } = {}): Promise<void> {
  const store = await openSqliteStore({ directory, onNotice: () => undefined });
  const now = Date.now();
  for (let n = 0; n < count; n += 1) {
    const at = now - n * 1000;
    const open = n % openEach === 0;
    await store.create(
      sampleRecord({
        id: `t${String(n).padStart(5, '0')}`,
        taskId: `task-${n}`,
        tool: 'release',
        server: {
          fingerprint: 'bench',
          label: 'bench',
          target: { kind: 'url', url: 'http://127.0.0.1:9/mcp' },
        },
        arguments: { service: 'checkout', version: `2.${n}.0` },
        statusMessage: open ? 'Rolling out checkout: 60 %' : 'Released checkout',
        createdAt: at,
        updatedAt: at,
        observedAt: at,
        status: open ? 'working' : 'completed',
        phase: open ? 'open' : 'settled',
        outcome: open ? null : { status: 'completed', result: { content: [{ type: 'text', text: 'Released.' }] } },
      }),
    );
  }
  await store.close();
}
