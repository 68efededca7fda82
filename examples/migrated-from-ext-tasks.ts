// The same release with this library: no dispatch code, and a record that survives the process.
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { createMemoryStore } from '@mcp-tasks/client/memory-store';

const connection = await connect({ kind: 'url', url: process.argv[2] ?? 'http://127.0.0.1:3000/mcp' });
const tasks = createTaskClient({ connection, store: createMemoryStore() });

const release = { name: 'release', arguments: { service: 'checkout', version: '2.4.0' } };
const result = await tasks.run(release, {
  async onQuestion({ key, request }) {
    console.log('Asked:', request.params.message);
    return { action: 'accept', content: key === 'approval' ? { approve: true } : { strategy: 'canary' } };
  },
});
console.log(result.structuredContent);
await tasks.close();
