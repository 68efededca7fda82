import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { openEventLog } from './event-log.ts';
import { BIN, type BridgeCall, type FromHost, type HostSetup, type ToHost } from './host-setup.ts';

const RETRY_MS = 300;
const LIMIT_MS = 60_000;

const setup = JSON.parse(process.argv[2] ?? '') as HostSetup;
const eventLog = openEventLog(setup.eventLog, setup.name);
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
      eventLog.write({ kind: 'decided alone', message: params.message });
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
async function perform({ nonce, lane, tool, args }: BridgeCall): Promise<void> {
  let id: string | undefined;
  for (let turn = 0; ; turn += 1) {
    try {
      const waits = id !== undefined && turn % 2 === 1;
      if (!waits) eventLog.write({ kind: 'calling', nonce });
      const text = waits ? await call(lane, 'tasks_wait', { id }) : await call(lane, tool, args);
      if (text.startsWith('UNKNOWN')) return eventLog.write({ kind: 'unknown', nonce });
      if (!text.startsWith('NOT FINISHED')) return eventLog.write({ kind: 'got', nonce, text });
      id = /\{"id":"(\w+)"\}/.exec(text)?.[1];
    } catch (error) {
      eventLog.write({ kind: 'cut', nonce, why: String((error as Error).message).slice(0, 300) });
      await sleep(RETRY_MS);
    }
  }
}

const report = (message: FromHost): void => void process.send?.(message);
process.on('message', ({ planned }: ToHost) => {
  void perform(planned).then(() => report({ kind: 'done', nonce: planned.nonce }));
});
process.on('disconnect', () => process.exit(0));
report({ kind: 'ready' });
