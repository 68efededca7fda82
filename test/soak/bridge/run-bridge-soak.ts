import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteStore } from '@mcp-tasks/client/sqlite-store';
import { createChance } from '../chance.ts';
import type { SoakOptions } from '../options.ts';
import { openServerLedger, type ServerLedger } from '../server-ledger.ts';
import { createServerProcess, demoArguments, endProcess, type ServerProcess } from '../server-process.ts';
import { auditBridge } from './audit-bridge.ts';
import { startBridgeKills } from './bridge-kills.ts';
import type { BridgeFigures } from './bridge-report.ts';
import { openEventLog, readEventLog } from './event-log.ts';
import { type BridgeCall, type HostSetup, planBridgeCall } from './host-setup.ts';
import { createHosts } from './hosts.ts';
import { startPerson } from './person.ts';
import { processesOf } from './processes.ts';

const HOSTS = 4;
const SPEED = 0.6;
const MAX_OPEN = 12;
/** Share of calls that two hosts get at the same instant. */
const SHARED = 0.25;
const CALLING_SHARE = 0.9;
const FINISH_MS = 240_000;
const PROGRESS_MS = 10_000;

/** Cleanup actions of a run, run in reverse order. */
type Closing = (() => unknown)[];

async function serveUpstreams(root: string, closing: Closing) {
  const servers: ServerProcess[] = [];
  const ledgers: ServerLedger[] = [];
  const targets: Record<string, readonly string[]> = {};
  for (const revision of ['2026-07-28', '2025-11-25']) {
    const place = (transport: string): string => {
      const directory = join(root, `${transport}-${revision}`);
      mkdirSync(directory);
      const ledger = openServerLedger(directory, `${revision} ${transport}`);
      ledgers.push(ledger);
      closing.push(() => ledger.close());
      return directory;
    };
    const demo = { revision, speed: SPEED };
    const server = createServerProcess([...demoArguments({ ...demo, storeDirectory: place('http') }), '--json']);
    await server.start();
    servers.push(server);
    closing.push(() => server.kill());
    // A server with a store restarts at the same address.
    targets[`${revision} http`] = [String(server.url)];
    const stdio = demoArguments({ ...demo, storeDirectory: place('stdio') });
    targets[`${revision} stdio`] = ['--', process.execPath, ...stdio, '--stdio'];
  }
  return { servers, ledgers, targets };
}

/** One run; `undefined` when interrupted. Ends all its processes, and deletes its files unless something was found. */
export async function runBridgeSoak(
  { minutes, seed, tasks }: SoakOptions,
  { log, signal }: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<BridgeFigures | undefined> {
  const startedAt = Date.now();
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-tasks-soak-')));
  const closing: Closing = [];
  let isKept = false;
  closing.push(() => !isKept && rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  closing.push(() => processesOf(root).forEach(({ pid }) => void endProcess(pid)));
  try {
    const { servers, ledgers, targets } = await serveUpstreams(root, closing);
    const state = join(root, 'state');
    const store = await openSqliteStore({ directory: state });
    closing.push(() => store.close());
    const eventFile = join(root, 'events.jsonl');
    const eventLog = openEventLog(eventFile, 'soak');
    const setups = Array.from({ length: HOSTS }, (_, index): HostSetup => {
      return { name: `h${index}`, root, eventLog: eventFile, state, targets, decidesAlone: index % 2 === 1 };
    });
    const hosts = createHosts(setups, createChance(seed, 'hosts'));
    closing.push(() => hosts.end());
    const person = startPerson(store, openEventLog(eventFile, 'person'), createChance(seed, 'person'));
    closing.push(() => person.stop());
    const killing = startBridgeKills({ root, hosts, servers, eventLog }, createChance(seed, 'kills'));
    closing.push(() => killing.stop());
    const count = (kind: string): number => readEventLog(eventFile).filter((entry) => entry.kind === kind).length;
    const progress = setInterval(() => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(5);
      const kills = JSON.stringify(killing.strikes);
      log(`${seconds} s  ${count('got')} results, ${hosts.open} open, ${count('unknown')} unknown; ${kills}`);
    }, PROGRESS_MS);
    closing.push(() => clearInterval(progress));

    const chance = createChance(seed, 'errands');
    const plannedCalls: BridgeCall[] = [];
    const chaosMs = minutes * 60_000;
    const isChaos = (share = 1): boolean => !signal.aborted && Date.now() - startedAt < chaosMs * share;
    while (isChaos(CALLING_SHARE) && plannedCalls.length < tasks) {
      if (hosts.open < MAX_OPEN && Date.now() - startedAt >= (plannedCalls.length / tasks) * chaosMs * CALLING_SHARE) {
        const planned = planBridgeCall(plannedCalls.length, Object.keys(targets), chance);
        plannedCalls.push(planned);
        const first = Math.floor(chance.next() * HOSTS);
        hosts.give(planned, first);
        if (chance.hits(SHARED)) hosts.give(planned, (first + 1) % HOSTS);
      }
      await sleep(20);
    }
    while (isChaos()) await sleep(200);
    await killing.stop();
    const finishBy = Date.now() + FINISH_MS;
    while (!signal.aborted && Date.now() < finishBy && hosts.open > 0) await sleep(300);
    if (signal.aborted) return undefined;
    await hosts.end();
    await person.stop();
    for (const ledger of ledgers) ledger.read();
    const { records } = await store.list({});
    const made = ledgers.flatMap((ledger) => ledger.tasks);
    const { crashes } = hosts;
    const all = { plannedCalls, tasks: made, records, eventLog: readEventLog(eventFile), crashes };
    const findings = auditBridge(all);
    isKept = Object.values(findings).some((found) => found.length > 0);
    if (isKept) log(`The ledgers differ; all of them are kept in ${root}`);
    return { seed, tookMs: Date.now() - startedAt, ledgers: all, findings, strikes: killing.strikes };
  } finally {
    for (const close of closing.splice(0).reverse()) await close();
  }
}
