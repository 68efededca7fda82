import { expect, test } from 'vitest';
import { openMailbox } from '../../packages/client/src/api/mailbox.ts';
import { openSqliteStore } from '../../packages/client/src/store/sqlite-store.ts';
import { freshDirectory, spawnChild } from './support.ts';

async function startAskingProcess() {
  const directory = freshDirectory();
  const child = spawnChild({ kind: 'ask', directory });
  const id = (await child.next()) as string;
  const store = await openSqliteStore({ directory });
  return { child, id, store };
}

test('a mailbox on the file of another process follows a task, answers it, and gets its outcome', async () => {
  const { child, id, store } = await startAskingProcess();
  await using mailbox = openMailbox(store);
  const kinds = new Set<string>();
  for await (const update of mailbox.get(id).updates()) {
    kinds.add(update.kind);
    if (update.kind !== 'question') continue;
    expect(await store.ownerOf(id)).toMatch(new RegExp(`:${child.process.pid}:`));
    await update.question.answer({ action: 'accept', content: { approve: true } });
  }
  expect([...kinds].sort()).toEqual(['question', 'question-withdrawn', 'settled', 'status']);
  const outcome = await mailbox.get(id).outcome();
  expect(outcome.result?.structuredContent).toEqual({
    answer: { approve: { action: 'accept', content: { approve: true } } },
  });
  child.resume();
  expect(await child.ended).toBe(0);
  await store.close();
});

test('an answer to a task of a dead process stays on record, and rejects with unreachable', async () => {
  const { child, id, store } = await startAskingProcess();
  await using mailbox = openMailbox(store, { workerWaitMs: 300 });
  const updates = mailbox.get(id).updates();
  for await (const update of updates) if (update.kind === 'question') break;
  const question = await mailbox.get(id).question('approve');
  await child.kill();
  const given = question.answer({ action: 'decline' });
  await expect(given).rejects.toMatchObject({
    code: 'unreachable',
    hint: expect.stringContaining('sent on the next connection'),
  });
  expect((await store.read(id))?.ledger.approve).toMatchObject({ state: 'answering', response: { action: 'decline' } });
  await store.close();
});
