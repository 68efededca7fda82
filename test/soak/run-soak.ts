import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { audit, isFound } from './audit.ts';
import { createChance } from './chance.ts';
import { type FaultInjection, startInjection } from './inject-faults.ts';
import { readJournal } from './journal.ts';
import type { SoakOptions } from './options.ts';
import { planCalls } from './planned-calls.ts';
import type { Figures } from './report.ts';
import { buildStage, type Stage } from './stage.ts';

/** Share of the time in which new calls start, so that faults meet tasks of every age. */
const CALLING_SHARE = 0.85;
const MAX_OPEN = 120;
const COUNT_MS = 1000;
/** Timeout for completing all tasks after the faults, in ms. */
const FINISH_MS = 240_000;
const PROGRESS_MS = 10_000;

/** One run; `undefined` when interrupted. It always ends its processes and deletes its files. */
export async function runSoak(
  { minutes, seed, tasks }: SoakOptions,
  { log, signal }: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<Figures | undefined> {
  const startedAt = Date.now();
  const stage = await buildStage(seed, createChance(seed, 'fleet'));
  let injection: FaultInjection | undefined;
  let progress: NodeJS.Timeout | undefined;
  let keepFiles = false;
  try {
    injection = startInjection(stage, createChance(seed, 'injection'));
    const underFault = injection;
    progress = setInterval(() => void describeProgress(stage, underFault, startedAt).then(log), PROGRESS_MS);
    const chaosMs = minutes * 60_000;
    await makeCalls(stage, { seed, tasks, withinMs: chaosMs * CALLING_SHARE, signal });
    const restMs = startedAt + chaosMs - Date.now();
    if (restMs > 0) await sleep(restMs, undefined, { signal }).catch(() => undefined);
    await injection.stop();
    for (const { faults } of stage.servers) faults.calm();
    stage.fleet.finish();
    const finishBy = Date.now() + FINISH_MS;
    while (!signal.aborted && Date.now() < finishBy && (await countOpen(stage)) > 0) await sleep(500);
    if (signal.aborted) return undefined;
    await stage.fleet.leave();
    const figures = await count(stage, injection, { seed, tookMs: Date.now() - startedAt });
    keepFiles = isFound(figures.findings);
    if (keepFiles) keepEvidence(stage, log);
    return figures;
  } finally {
    clearInterval(progress);
    await injection?.stop();
    await stage.clear({ keepFiles });
  }
}

/** Keeps the evidence: records, the servers' stores, the journal, and the recorded messages. */
function keepEvidence({ root, wire }: Stage, log: (line: string) => void): void {
  const lines = wire.passages.map((passage) => JSON.stringify(passage));
  writeFileSync(join(root, 'wire.jsonl'), `${lines.join('\n')}\n`);
  log(`The ledgers differ; all of them are kept in ${root}`);
}

async function countOpen({ store }: Stage): Promise<number> {
  // A call with a lost reply stays open until a person settles it.
  return (await store.list({ open: true })).records.filter(({ phase }) => phase !== 'intent').length;
}

interface Calling {
  readonly seed: number;
  readonly tasks: number;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

async function makeCalls(stage: Stage, { seed, tasks, withinMs, signal }: Calling): Promise<void> {
  const startedAt = Date.now();
  const plannedCalls = planCalls(seed, tasks);
  let open = 0;
  let countedAt = 0;
  for (let next = 0; next < tasks && !signal.aborted && Date.now() - startedAt < withinMs; ) {
    if (Date.now() - countedAt > COUNT_MS) {
      open = await countOpen(stage);
      countedAt = Date.now();
    }
    const planned = plannedCalls[next];
    const isDue = Date.now() - startedAt >= (next / tasks) * withinMs;
    if (isDue && planned !== undefined && open < MAX_OPEN && stage.fleet.send(planned)) next += 1;
    else await sleep(20);
  }
}

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((all, each) => all + each, 0);

async function describeProgress(stage: Stage, { strikes }: FaultInjection, startedAt: number): Promise<string> {
  for (const ledger of stage.ledgers) ledger.read();
  const records = (await stage.store.list()).records;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0).padStart(5);
  const faults = stage.servers.reduce((all, { faults: { counts } }) => all + sum(counts), 0);
  const settled = records.filter(({ outcome }) => outcome !== null).length;
  return (
    `${seconds} s  ${records.length} calls, ${await countOpen(stage)} open, ${settled} settled; ` +
    `${stage.wire.passages.length} requests, ${faults} faults, ${sum(strikes)} kills, stops and losses`
  );
}

async function count(
  stage: Stage,
  { strikes }: FaultInjection,
  run: Pick<Figures, 'seed' | 'tookMs'>,
): Promise<Figures> {
  for (const ledger of stage.ledgers) ledger.read();
  const ledgers = {
    records: (await stage.store.list()).records,
    tasks: stage.ledgers.flatMap((ledger) => ledger.tasks),
    passages: stage.wire.passages,
    others: stage.wire.others,
    answers: stage.wire.answers(),
    journal: readJournal(stage.journalFile),
    crashes: stage.fleet.crashes,
  };
  const faults: Record<string, number> = {};
  for (const { faults: plan } of stage.servers) {
    for (const [kind, times] of Object.entries(plan.counts)) faults[kind] = (faults[kind] ?? 0) + times;
  }
  const handled = stage.ledgers.reduce((all, ledger) => all + ledger.handled(), 0);
  return { ...run, ledgers, findings: audit(ledgers), faults, strikes, handled };
}
