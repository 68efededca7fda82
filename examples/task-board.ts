// The article's story on a board of ordinary tools: a job mapping makes a card a task, and a person approves it.
import { fileURLToPath } from 'node:url';
import { createTaskClient, type JobMappings } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { presets } from '@mcp-tasks/client/jobs';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';

const server = fileURLToPath(new URL('board-server.js', import.meta.url));
const args = [server, process.argv[2] ?? './board.json'];
const target = { kind: 'command', command: process.execPath, args } as const;
const store = createMemoryStore();

// The bundled mapping for such a board; your own mapping is data of the same shape.
const { card: mapping } = { ...presets['task-board'] };
if (mapping === undefined) throw new Error('No mapping ships for a task board');
const jobs: JobMappings = { card: { ...mapping, pollIntervalMs: 300 } };

const tasks = createTaskClient({ connection: await connect(target), store, jobs });
const opened = await tasks.start({ name: 'card', arguments: { title: 'Review deployment checklist' } });
await opened.accepted();
const [, taskId] = JSON.parse(opened.latest.taskId ?? '[]') as [string, string];
console.log(`Card opened (${opened.latest.status})`);
await tasks.close(); // the board's server exits; the card stays

const again = createTaskClient({ connection: await connect(target), store }); // the record keeps its mapping
const card = await again.get(opened.id).follow();
const move = { taskId, status: 'input_required', notes: 'Need approval for the release window.' };
await again.run({ name: 'move_card', arguments: move });
console.log('Agent: the card waits for an approval');

for await (const update of card.updates()) {
  if (update.kind !== 'question') continue;
  console.log('Person is asked:', update.question.request.params.message, '— yes');
  await update.question.answer({ action: 'accept', content: { text: 'Approved for tonight' } });
}
const outcome = await card.outcome();
console.log(`The card ended ${outcome.status}:`, outcome.result?.content);
await again.close();
