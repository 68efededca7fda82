// A web page over durable tasks: after the tab is closed or the host restarted, the page shows the same tasks.
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createTaskClient } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { taskRoutes } from '@mcp-tasks/client/routes';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

const { MCP_URL = 'http://127.0.0.1:3333/mcp', PORT = '8080', STATE = './web-state' } = process.env;
const store = await openSqliteStore({ directory: STATE });
const tasks = createTaskClient({ connect: () => connect({ kind: 'url', url: MCP_URL }), store });

// Resumes the tasks that were open when this host last ended.
for (const { id } of (await store.list({ open: true })).records) {
  await tasks
    .get(id)
    .follow()
    .catch((error: Error) => console.error(id, error.message));
}

const app = new Hono<{ Variables: { user: string } }>();
app.use(async (context, next) => {
  const user = getCookie(context, 'user') ?? crypto.randomUUID();
  setCookie(context, 'user', user, { httpOnly: true, sameSite: 'Strict', maxAge: 34_560_000 });
  context.set('user', user);
  await next();
});

// The page is beside the source; the compiled file is in dist/.
const page = readFileSync(new URL('page.html', import.meta.url.replace('/dist/', '/')), 'utf8');
app.get('/', (context) => context.html(page));

app.post('/start', async (context) => {
  const { service, version } = await context.req.json<{ service: string; version: string }>();
  const task = await tasks.start({
    name: 'release',
    arguments: { service, version },
    labels: { user: context.get('user') },
  });
  return context.json({ id: task.id });
});

// A user sees only tasks with the user's label.
for (const path of ['/tasks', '/tasks/*']) {
  app.all(path, (context) => {
    const labels = { user: context.get('user') };
    return taskRoutes(tasks, { authorize: () => ({ labels }) })(context.req.raw);
  });
}

const server = serve({ fetch: app.fetch, port: Number(PORT), hostname: '127.0.0.1' }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
