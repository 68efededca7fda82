// A chat bot: one process drives tasks and posts their questions into a chat; the chat's webhook answers from another.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createTaskClient, openMailbox, TaskError } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { demoTarget } from './demo-target.ts';

const [directory = './state', role = 'bot'] = process.argv.slice(2);
const store = await openSqliteStore({ directory });

/** The webhook of the chat: the pressed button carries the id, key and digest of the question shown. */
async function webhook(): Promise<void> {
  const mailbox = openMailbox(store);
  const server = createServer(async (request, response) => {
    const { id, key, digest, content } = JSON.parse(await text(request));
    const answered = mailbox
      .get(id)
      .question(key, digest)
      .then((question) => question.answer({ action: 'accept', content }));
    await answered.then(
      () => response.end('Thanks'),
      (error: unknown) => response.end(TaskError.is(error) ? `${error.message}. ${error.hint ?? ''}` : 'Failed'),
    );
  }).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

async function bot(): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [directory, 'webhook']);
  const [port] = await once(child, 'message');
  const tasks = createTaskClient({ connect: () => connect(demoTarget(`${directory}/server`)), store });
  const { id } = await tasks.start({
    name: 'release',
    arguments: { version: '2.4.0' },
    labels: { channel: '#releases' },
  });
  for await (const event of tasks.events({ labels: { channel: '#releases' } })) {
    if (event.kind === 'question') {
      console.log('[chat]', event.request.params.message);
      // Stands in for a person who presses a button in the chat.
      const content = event.key === 'strategy' ? { strategy: 'canary' } : { approve: true };
      const body = JSON.stringify({ id: event.record.id, key: event.key, digest: event.question.digest, content });
      void fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body }).then(async (reply) =>
        console.log('[bot]', await reply.text()),
      );
    }
    if (event.kind === 'settled') break;
  }
  console.log('[chat] The release ended', (await tasks.get(id).outcome()).status);
  await tasks.close();
  child.kill();
}

await (role === 'webhook' ? webhook() : bot());
if (role === 'bot') await store.close();
