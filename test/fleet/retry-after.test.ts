import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { sampleRecord } from '../../packages/client/src/testing/sample-record.ts';
import { isPostgresHere, sharedPostgres } from '../support/postgres/shared-server.ts';
import { startCountingServer } from './counting-server.ts';
import { openStore } from './open-store.ts';
import { startWorker } from './worker-process.ts';

const HINT_MS = 300;
const RETRY_AFTER_S = 8;
/** Time for the other worker to learn of the pause, also on a busy machine and without NOTIFY, in ms. */
const SPREAD_MS = 4_000;

test.skipIf(!isPostgresHere())(
  'a Retry-After received by one worker pauses the polls of another process to that server',
  async () => {
    const at = {
      kind: 'postgres',
      url: await sharedPostgres(),
      schema: `pause_${randomBytes(6).toString('hex')}`,
    } as const;
    const server = await startCountingServer(HINT_MS);
    const { store, close } = await openStore(at);
    const target = { kind: 'url', url: server.url } as const;
    for (let index = 0; index < 20; index += 1) {
      const of = { fingerprint: 'fleet', label: 'fleet', target };
      await store.create(sampleRecord({ id: `a${index}`, taskId: `t${index}`, server: of, pollIntervalMs: HINT_MS }));
    }
    const workers = ['mona', 'otto'].map((name) => startWorker({ name, store: at }));
    onTestFinished(async () => {
      for (const worker of workers) worker.signal('SIGKILL');
      await Promise.all(workers.map(({ ended }) => ended));
      server.stop();
      await close();
      const admin = new Pool({ connectionString: at.url, max: 1 });
      await admin.query(`DROP SCHEMA ${at.schema} CASCADE`);
      await admin.end();
    });
    let polls: { readonly worker: string; readonly at: number }[] = [];
    server.onPoll = (worker) => void polls.push({ worker, at: Date.now() });
    const isFromBoth = () => new Set(polls.map(({ worker }) => worker)).size === 2;
    await expect.poll(isFromBoth).toBe(true);
    polls = [];
    server.refuseNextPoll(RETRY_AFTER_S);
    await expect.poll(() => polls.length).toBeGreaterThan(0);
    const refusedAt = polls[0]?.at ?? 0;
    await expect.poll(() => Date.now() > refusedAt + RETRY_AFTER_S * 1_000 - 500, { interval: 100 }).toBe(true);
    expect(polls.filter((poll) => poll.at > refusedAt + SPREAD_MS)).toEqual([]);
    polls = [];
    await expect.poll(isFromBoth).toBe(true);
  },
);
