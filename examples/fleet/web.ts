// A web process of the fleet: starts tasks for the workers, shows their questions, and saves the answers.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTaskClient, isInAudience, openMailbox, openQuestions, type Person } from '@mcp-tasks/client';
import { connect } from '@mcp-tasks/client/connect';
import { openPostgresStore } from '@mcp-tasks/client/postgres-store';
import { Pool } from 'pg';

const { DATABASE_URL, MCP_URL = 'http://127.0.0.1:3333/mcp', PORT = '8080' } = process.env;
const store = await openPostgresStore({ pool: new Pool({ connectionString: DATABASE_URL }) });
const tasks = createTaskClient({ store, connect: () => connect({ kind: 'url', url: MCP_URL }), lead: false });

const safe = (text: unknown): string => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
const hidden = (name: string, value: string): string => `<input type="hidden" name="${name}" value="${safe(value)}">`;
const namesIn = (text: unknown): string[] =>
  String(text ?? '')
    .split(/[\s,]+/)
    .filter(Boolean);

/** The sign-in proxy sets `X-Person: anna` and `X-Groups: release`, and removes these headers from visitors. */
function personOf({ headers }: IncomingMessage): Person | undefined {
  const [name] = namesIn(headers['x-person']);
  return name === undefined ? undefined : { name, groups: namesIn(headers['x-groups']) };
}

async function page(person: Person | undefined): Promise<string> {
  const mailbox = openMailbox(store, { person });
  const { records } = await mailbox.list({}, { limit: 50 });
  const rows = records.map(async (record) => {
    const keys = Object.keys(openQuestions(record));
    const questions = await Promise.all(keys.map((key) => mailbox.get(record.id).question(key)));
    const forms = questions.map(({ key, digest, request, audience }) => {
      const asks = safe(request.params.message);
      if (!isInAudience(audience, person)) return `<p>${asks} (for ${safe(audience?.join(', '))})</p>`;
      return `<form method="post" action="/answer">${asks} ${hidden('id', record.id)}${hidden('key', key)}
        ${hidden('digest', digest)}<input name="content" value="{&quot;approve&quot;:true}"><button>Answer</button></form>`;
    });
    return `<li>${safe(record.tool)} ${safe(record.id)}: ${safe(record.status)} ${forms.join('')}</li>`;
  });
  const list = (await Promise.all(rows)).join('');
  await mailbox.close();
  return `<form method="post" action="/release"><button>Release</button></form><ul>${list}</ul>`;
}

async function act(path: string | undefined, form: URLSearchParams, person: Person | undefined): Promise<string> {
  const field = (name: string): string => form.get(name) ?? '';
  if (path === '/release') {
    const service = field('service') || 'checkout';
    const audience = namesIn(field('audience'));
    const task = await tasks.start({
      name: 'release',
      arguments: { service, version: '2.4.0' },
      key: `release:${service}`,
      ...(audience.length === 0 ? {} : { audience }),
    });
    return task.id;
  }
  const mailbox = openMailbox(store, { person });
  try {
    // Refused when the question has changed since the page was rendered, or is for others.
    const question = await mailbox.get(field('id')).question(field('key'), field('digest'));
    await question.answer({ action: 'accept', content: JSON.parse(field('content')) });
    return 'answered';
  } finally {
    await mailbox.close();
  }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return new URLSearchParams(text);
}

const server = createServer((request, response) => {
  const person = personOf(request);
  const done =
    request.method === 'POST' ? formOf(request).then((form) => act(request.url, form, person)) : page(person);
  done.then(
    (text) => response.setHeader('content-type', 'text/html; charset=utf-8').end(text),
    (error: Error) => response.writeHead(409).end(error.message),
  );
}).listen(Number(PORT), () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
