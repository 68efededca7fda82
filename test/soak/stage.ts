import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '@mcp-tasks/client';
import { openSqliteStore, type SqliteStore } from '@mcp-tasks/client/sqlite-store';
import { openAgentLedger, openJobLedger } from './agent-ledger.ts';
import type { Chance } from './chance.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';
import { serveFaultProxy } from './fault-proxy.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { openJournal } from './journal.ts';
import type { Lane } from './planned-calls.ts';
import { openServerLedger, type ServerLedger } from './server-ledger.ts';
import { createServerProcess, demoArguments, endProcess, type ServerProcess } from './server-process.ts';
import { livingStdioServers } from './stdio-servers.ts';
import { createWireLedger, type WireLedger } from './wire-ledger.ts';
import { AGENT, JOB_SERVER, STDIO_SERVER } from './worker-setup.ts';

const REVISIONS = ['2026-07-28', '2025-11-25'] as const;
const WORKERS = 4;
const SPEED = 1.5;
const FAULT_SHARE = 0.14;

/** Servers without MCP tasks; each writes a log. */
const LOGGED_SERVERS = [
  {
    name: 'a2a',
    script: AGENT,
    openLedger: openAgentLedger,
    targetOf: (url: string): Target => ({ kind: 'url', url: new URL('/', url).href, protocol: 'a2a' }),
  },
  {
    name: 'jobs',
    script: JOB_SERVER,
    openLedger: openJobLedger,
    targetOf: (url: string): Target => ({ kind: 'url', url }),
  },
] as const;

/** All parts of a run. */
export interface Stage {
  readonly journalFile: string;
  readonly servers: readonly {
    readonly revision: string;
    readonly process: ServerProcess;
    readonly faults: FaultPlan;
  }[];
  /** Folder with a file per started stdio server, named by its pid. */
  readonly stdioPids: string;
  readonly wire: WireLedger;
  readonly ledgers: readonly ServerLedger[];
  readonly store: SqliteStore;
  readonly fleet: Fleet;
  readonly root: string;
  /** Ends every process and deletes the files, unless they are kept. */
  clear(options?: { readonly keepFiles?: boolean }): Promise<void>;
}

export async function buildStage(seed: number, chance: Chance): Promise<Stage> {
  const root = mkdtempSync(join(tmpdir(), 'mcp-tasks-soak-'));
  const place = (name: string): string => {
    const directory = join(root, name.replaceAll(' ', '-'));
    mkdirSync(directory, { recursive: true });
    return directory;
  };
  const stdioPids = place('stdio pids');
  const closing: (() => unknown)[] = [() => livingStdioServers(stdioPids).forEach((pid) => void endProcess(pid))];
  const clear: Stage['clear'] = async ({ keepFiles = false } = {}) => {
    for (const close of closing.splice(0).reverse()) await close();
    if (!keepFiles) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const wire = createWireLedger();
    const targets: Partial<Record<Lane, Target>> = {};
    const servers: Stage['servers'][number][] = [];
    const ledgers: ServerLedger[] = [];
    for (const revision of REVISIONS) {
      const demo = { revision, speed: SPEED, storeDirectory: place(`http ${revision}`) };
      const faults = createFaultPlan(seed, revision, FAULT_SHARE);
      const server = createServerProcess([...demoArguments(demo), '--json']);
      await server.start();
      closing.push(() => server.kill());
      const proxy = await serveFaultProxy({
        upstream: () => server.url,
        lane: `${revision} http`,
        faults,
        ledger: wire,
      });
      closing.push(() => proxy.stop());
      servers.push({ revision, process: server, faults });
      const [, ...stdio] = demoArguments({ ...demo, storeDirectory: place(`stdio ${revision}`) });
      const args = ['--no-warnings', STDIO_SERVER, stdioPids, ...stdio, '--stdio'];
      targets[`${revision} http`] = { kind: 'url', url: proxy.url };
      targets[`${revision} stdio`] = { kind: 'command', command: process.execPath, args };
      for (const transport of ['http', 'stdio']) {
        const ledger = openServerLedger(place(`${transport} ${revision}`), `${revision} ${transport}`);
        ledgers.push(ledger);
        closing.push(() => ledger.close());
      }
    }
    for (const { name, script, openLedger, targetOf } of LOGGED_SERVERS) {
      const log = join(place(name), 'log.jsonl');
      const faults = createFaultPlan(seed, name, FAULT_SHARE);
      const server = createServerProcess(['--no-warnings', script, log]);
      await server.start();
      closing.push(() => server.kill());
      const lane = `${name} http` as const;
      const proxy = await serveFaultProxy({ upstream: () => server.url, lane, faults, ledger: wire });
      closing.push(() => proxy.stop());
      servers.push({ revision: name, process: server, faults });
      targets[lane] = targetOf(proxy.url);
      ledgers.push(openLedger(log, lane));
    }
    const journalFile = join(root, 'journal.jsonl');
    const storeDirectory = place('client');
    const store = await openSqliteStore({ directory: storeDirectory });
    closing.push(() => store.close());
    const setup = { seed, storeDirectory, journal: journalFile, targets: targets as Record<Lane, Target> };
    const fleet = createFleet(WORKERS, setup, openJournal(journalFile, 'soak'), chance);
    closing.push(() => fleet.end());
    return { root, journalFile, servers, stdioPids, wire, ledgers, store, fleet, clear };
  } catch (error) {
    await clear();
    throw error;
  }
}
