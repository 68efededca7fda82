// A web process of the fleet: starts tasks for the workers, shows their questions, and saves the answers.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTaskClient, openMailbox, openQuestions } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';

const { DATABASE_URL, MCP_URL = 'http://127.0.0.1:3333/mcp', PORT = '8080' } = process.env;
const store = await openPostgresStore({ pool: new Pool({ connectionString: DATABASE_URL }) });
const tasks = createTaskClient({ store, connect: () => connect({ kind: 'url', url: MCP_URL }), lead: false });
const mailbox = openMailbox(store);

const safe = (text: unknown): string => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

async function page(): Promise<string> {
  const { records } = await mailbox.list({}, { limit: 50 });
  const rows = records.map(async (record) => {
    const keys = Object.keys(openQuestions(record));
    const questions = await Promise.all(keys.map((key) => mailbox.get(record.id).question(key)));
    const forms = questions.map(
      ({ key, digest, request }) => `<form method="post" action="/answer">${safe(request.params.message)}
        <input type="hidden" name="id" value="${safe(record.id)}"><input type="hidden" name="key" value="${safe(key)}">
        <input type="hidden" name="digest" value="${digest}"><input name="content" value="{&quot;approve&quot;:true}">
        <button>Answer</button></form>`,
    );
    return `<li>${safe(record.tool)} ${safe(record.id)}: ${safe(record.status)} ${forms.join('')}</li>`;
  });
  return `<form method="post" action="/release"><button>Release</button></form><ul>${(await Promise.all(rows)).join('')}</ul>`;
}

async function act(path: string | undefined, form: URLSearchParams): Promise<string> {
  const field = (name: string): string => form.get(name) ?? '';
  if (path === '/release') {
    const service = field('service') || 'checkout';
    const task = await tasks.start({
      name: 'release',
      arguments: { service, version: '2.4.0' },
      key: `release:${service}`,
    });
    return task.id;
  }
  // Refused when the question has changed since the page was rendered.
  const question = await mailbox.get(field('id')).question(field('key'), field('digest'));
  await question.answer({ action: 'accept', content: JSON.parse(field('content')) });
  return 'answered';
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return new URLSearchParams(text);
}

const server = createServer((request, response) => {
  const done = request.method === 'POST' ? formOf(request).then((form) => act(request.url, form)) : page();
  done.then(
    (text) => response.setHeader('content-type', 'text/html; charset=utf-8').end(text),
    (error: Error) => response.writeHead(409).end(error.message),
  );
}).listen(Number(PORT), () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
