import { openMailbox, openQuestions, type TaskStore } from '@mcp-tasks/client';
import type { Chance } from '../chance.ts';
import type { EventLog } from './event-log.ts';

const POLL_MS = 500;

/** A person at a terminal who answers the open questions of the bridges' records after a delay. */
export function startPerson(store: TaskStore, eventLog: EventLog, chance: Chance): { stop(): Promise<void> } {
  const mailbox = openMailbox(store);
  const stopping = new AbortController();
  /** Each question is answered once, and again if the answer failed. */
  const given = new Set<string>();

  async function answerOpen(): Promise<void> {
    const { records } = await store.list({ open: true });
    for (const record of records) {
      for (const [key, { params }] of Object.entries(openQuestions(record))) {
        const name = `${record.id} ${key} ${String(params.message)}`;
        if (given.has(name) || chance.hits(0.6)) continue;
        given.add(name);
        const response = responseTo(params, chance);
        eventLog.write({ kind: 'answering', nonce: String(record.arguments.soak), key, response });
        const answering = (await mailbox.get(record.id).question(key)).answer(response);
        await answering.catch(() => given.delete(name));
      }
    }
  }

  const polling = (async () => {
    while (!stopping.signal.aborted) {
      await answerOpen().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await mailbox.close();
    },
  };
}

function responseTo(params: object, chance: Chance) {
  if (chance.hits(0.2)) return { action: 'decline' as const };
  const asksStrategy = JSON.stringify(params).includes('"strategy"');
  const content = asksStrategy ? { strategy: 'canary' } : { approve: true };
  return { action: 'accept' as const, content };
}
