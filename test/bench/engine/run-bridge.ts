import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { processesOf } from '../../soak/bridge/processes.ts';
import { endProcess } from '../../soak/server-process.ts';
import type { BridgeFigures, BridgeMeasurement } from './measurement.ts';
import { percentile } from './meters.ts';

const BIN = fileURLToPath(new URL('../../../packages/cli/bin/mcp-tasks.js', import.meta.url));

/** Times a call through a bridge and one without it, the start, and the memory of the bridge's processes. */
export async function runBridge({ calls, rounds }: BridgeMeasurement): Promise<BridgeFigures> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-tasks-bench-')));
  const demo = [BIN, 'demo', '--stdio', '--store', join(root, 'demo')];
  const bridge = [BIN, 'bridge', '--home', join(root, 'state'), '--', process.execPath, ...demo];
  try {
    const direct = await open(demo, root);
    const bridged = await open(bridge, root);
    const took = { direct: [] as number[], bridged: [] as number[] };
    // Alternates both calls, so that other load affects both; the first calls warm the caches.
    for (let call = -20; call < calls; call += 1) {
      const directMs = await timeOf(() => echo(direct, `direct ${call}`));
      const bridgedMs = await timeOf(() => echo(bridged, `bridged ${call}`));
      if (call < 0) continue;
      took.direct.push(directMs);
      took.bridged.push(bridgedMs);
    }
    const lists: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now();
      const front = await open(bridge, root);
      await front.listTools();
      lists.push(performance.now() - started);
      await front.close();
    }
    const figures = {
      directMs: percentile(took.direct, 0.5),
      bridgedMs: percentile(took.bridged, 0.5),
      bridgedP99Ms: percentile(took.bridged, 0.99),
      listMs: percentile(lists, 0.5),
      bareStartMs: percentile(await bareStarts(rounds, root), 0.5),
      frontBytes: memoryOf('front', root),
      keeperBytes: memoryOf('keeper', root),
    };
    await Promise.all([direct.close(), bridged.close()]);
    return figures;
  } finally {
    for (const { pid } of processesOf(root)) endProcess(pid);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function open(args: readonly string[], cwd: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [...args], cwd, stderr: 'ignore' }));
  return client;
}

async function echo(client: Client, text: string): Promise<void> {
  await client.callTool({ name: 'echo', arguments: { text } });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The start without the bridge: the server alone, until it has listed its tools. */
async function bareStarts(rounds: number, root: string): Promise<readonly number[]> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    const server = await open([BIN, 'demo', '--stdio'], root);
    await server.listTools();
    all.push(performance.now() - started);
    await server.close();
  }
  return all;
}

/** Resident memory, in bytes; Linux only. */
function memoryOf(kind: 'front' | 'keeper', root: string): number {
  const found = processesOf(root).find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`No ${kind} runs`);
  const [, kilobytes = '0'] = /VmRSS:\s*(\d+) kB/.exec(readFileSync(`/proc/${found.pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}
