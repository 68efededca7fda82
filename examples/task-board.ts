// The article's story on a real board: a card is opened as a task, moved by an agent, approved by a person.
import { fileURLToPath } from 'node:url';
import { createTaskClient, openQuestions } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';

const server = fileURLToPath(new URL('board-server.js', import.meta.url));
const target = {
  kind: 'command',
  command: process.execPath,
  args: [server, process.argv[2] ?? './board.json'],
} as const;
const store = createMemoryStore();

const tasks = createTaskClient({ connection: await connect(target), store });
const opened = await tasks.start({ name: 'open_card', arguments: { title: 'Review deployment checklist' } });
await opened.accepted();
const { taskId, status, statusMessage } = opened.latest;
console.log(`Card opened: ${statusMessage} (${status})`);
await tasks.close(); // the board's server ends here; the card does not

const again = createTaskClient({ connection: await connect(target), store });
const card = await again.get(opened.id).follow();
const move = { taskId, status: 'input_required', notes: 'Need approval for the release window.' };
console.log('Agent:', (await again.run({ name: 'move_card', arguments: move })).content);

for await (const update of card.updates()) {
  if (update.kind !== 'question') continue;
  console.log('Person is asked:', openQuestions(update.record).approval?.params.message, '— yes');
  await update.question.answer({ action: 'accept', content: { approve: true } });
}
const outcome = await card.outcome();
console.log(`The card ended ${outcome.status}:`, outcome.result?.content);
await again.close();
