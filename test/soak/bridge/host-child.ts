import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { openBook } from './book.ts';
import { BIN, type BridgeErrand, type FromHost, type HostSetup, type ToHost } from './host-setup.ts';

const RETRY_MS = 300;
const LIMIT_MS = 60_000;

const setup = JSON.parse(process.argv[2] ?? '') as HostSetup;
const book = openBook(setup.book, setup.name);
const clients = new Map<string, Promise<Client>>();

/** The client of this lane's bridge; starts the bridge again when it is gone. */
function clientOf(lane: string): Promise<Client> {
  const known = clients.get(lane);
  if (known !== undefined) return known;
  const opened = open(lane);
  clients.set(lane, opened);
  opened.catch(() => clients.delete(lane));
  return opened;
}

async function open(lane: string): Promise<Client> {
  const client = new Client(
    { name: 'soak-host', version: '1' },
    { capabilities: setup.decidesAlone ? { elicitation: { form: {} } } : {} },
  );
  if (setup.decidesAlone)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      book.write({ kind: 'decided alone', message: params.message });
      return { action: 'decline' };
    });
  client.onclose = () => clients.delete(lane);
  const args = [BIN, 'bridge', '--home', setup.state, '--hold', '2s', ...(setup.targets[lane] ?? [])];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: setup.root, stderr: 'ignore' }),
  );
  return client;
}

async function call(lane: string, name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
  const client = await clientOf(lane);
  const result = await client.callTool({ name, arguments: args }, undefined, { timeout: LIMIT_MS });
  return (result as CallToolResult).content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

/** Retries until the call has ended: waits for its id, or repeats the call. */
async function perform({ nonce, lane, tool, args }: BridgeErrand): Promise<void> {
  let id: string | undefined;
  for (let turn = 0; ; turn += 1) {
    try {
      const waits = id !== undefined && turn % 2 === 1;
      if (!waits) book.write({ kind: 'calling', nonce });
      const text = waits ? await call(lane, 'tasks_wait', { id }) : await call(lane, tool, args);
      if (text.startsWith('UNKNOWN')) return book.write({ kind: 'unknown', nonce });
      if (!text.startsWith('NOT FINISHED')) return book.write({ kind: 'got', nonce, text });
      id = /\{"id":"(\w+)"\}/.exec(text)?.[1];
    } catch (error) {
      book.write({ kind: 'cut', nonce, why: String((error as Error).message).slice(0, 300) });
      await sleep(RETRY_MS);
    }
  }
}

const report = (message: FromHost): void => void process.send?.(message);
process.on('message', ({ errand }: ToHost) => {
  void perform(errand).then(() => report({ kind: 'done', nonce: errand.nonce }));
});
process.on('disconnect', () => process.exit(0));
report({ kind: 'ready' });
