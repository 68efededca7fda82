import type { Interest, TaskStore } from '../store/task-store.ts';
import type { TaskRecord } from '../task/record.ts';
import { assertDefined, assertEqual } from './assert.ts';
import { sampleRecord } from './sample-record.ts';
import type { TimedRule } from './store-rule.ts';

const rename = (record: TaskRecord): TaskRecord => ({ ...record, tool: `${record.tool}!` });

/** Collects mail; `until` resolves once all of these ids, or a full reread, were reported. */
function mailbox(store: TaskStore, interest: Interest) {
  const received = new Set<string>();
  let arrived = (): void => undefined;
  const end = store.onMail(interest, (ids) => {
    for (const id of ids ?? ['everything']) received.add(id);
    arrived();
  });
  return {
    received,
    end,
    async until(...ids: readonly string[]): Promise<void> {
      const isThere = (): boolean => received.has('everything') || ids.every((id) => received.has(id));
      while (!isThere()) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
  };
}

export const mailChecks: readonly TimedRule[] = [
  {
    title: 'an owner gets mail for writes by others to its tasks, and none for its own writes',
    async check({ store, other }) {
      for (const id of ['mine', 'theirs', 'quiet', 'gone', 'last']) await store.create(sampleRecord({ id }));
      await store.renew('mona');
      await store.claim({ owner: 'mona', limit: 9, ids: ['mine', 'quiet', 'gone', 'last'] });
      const [quiet] = await store.claim({ owner: 'mona', limit: 1, ids: ['quiet'] });
      const mail = mailbox(store, { owner: 'mona' });
      await store.update('quiet', rename, assertDefined(quiet, 'the claim').lease);
      await other.update('theirs', rename);
      await other.update('mine', rename);
      await other.remove('gone');
      await other.update('last', (record) => record);
      await mail.until('mine', 'gone');
      assertEqual([...mail.received].sort(), ['gone', 'mine'], 'the mail');
      mail.end();
      await other.update('last', rename);
      await store.read('last');
      assertEqual([...mail.received].sort(), ['gone', 'mine'], 'the mail after the end');
    },
  },
  {
    title: 'a listener to all gets every write, creation, release and removal, of any process',
    async check({ store, other }) {
      for (const id of ['here', 'there', 'gone', 'free']) await store.create(sampleRecord({ id }));
      await other.renew('otto');
      const [claim] = await other.claim({ owner: 'otto', limit: 1, ids: ['there'] });
      const [freed] = await other.claim({ owner: 'otto', limit: 1, ids: ['free'] });
      const mail = mailbox(store, { all: true });
      await store.update('here', rename);
      await other.update('there', rename, assertDefined(claim, 'the claim').lease);
      await other.create(sampleRecord({ id: 'new' }));
      await other.remove('gone');
      await other.release([assertDefined(freed, 'the claim').lease]);
      await mail.until('here', 'there', 'new', 'gone', 'free');
      mail.end();
    },
  },
  {
    title: 'a store with mail delivers a poll request to the owner of the task, and returns false without an owner',
    async check({ store, other }) {
      if (store.post === undefined || other.post === undefined) return;
      for (const id of ['mine', 'free']) await store.create(sampleRecord({ id }));
      await store.claim({ owner: 'mona', limit: 1, ids: ['mine'] });
      const received: string[] = [];
      const pollRequested = new Promise<void>((resolve) => {
        const end = store.onMail({ owner: 'mona' }, (ids, looks = []) => {
          received.push(...(ids ?? []));
          if (!looks.includes('mine')) return;
          end();
          resolve();
        });
      });
      assertEqual(await other.post({ kind: 'look', id: 'free' }), false, 'of a task that is free');
      assertEqual(await other.post({ kind: 'look', id: 'none' }), false, 'of no task');
      assertEqual(await other.post({ kind: 'look', id: 'mine' }), true, 'of a task that is held');
      await pollRequested;
      assertEqual(received, [], 'writes');
    },
  },
  {
    title: 'each of several listeners gets a removal',
    async check({ store, other }) {
      await store.create(sampleRecord({ id: 'a1' }));
      const [first, second] = [mailbox(store, { all: true }), mailbox(other, { all: true })];
      await other.remove('a1');
      await first.until('a1');
      await second.until('a1');
      first.end();
      second.end();
    },
  },
];
