// A server with one tool that returns its arguments, its directory and the variable KEY.
import { initialize, serve, text } from '../stdio-base.mjs';

serve({
  initialize,
  'tools/list': { tools: [{ name: 'show', inputSchema: { type: 'object' } }] },
  'tools/call': () => text(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), KEY: process.env.KEY })),
});
