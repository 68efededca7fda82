// Measures following many tasks against a bare loop and ext-tasks: `npm run bench -- --tasks 100,1000 --write`.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bridgeSection, withSections } from './engine/bridge-section.ts';
import type { Measurement } from './engine/measurement.ts';
import { pageOf, tablesOf, targetsPage } from './engine/page.ts';
import { longPlan, shortPlan } from './engine/plan.ts';
import { measureAll, ratiosOf } from './engine/results.ts';
import { startSectionOf, withStartSection } from './start-section.ts';

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const STATED = fileURLToPath(new URL('./engine/stated.json', import.meta.url));

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '100,1000,10000' },
    /** Filter by name: poll, HTTP, hold, create, decode, bridge. With `--write` only `bridge` can be filtered. */
    only: { type: 'string' },
    /** The short plan of the tests; with `--write` it records their limits. */
    short: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

function logStart(measurement: Measurement): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${Object.values(measurement).join(' ')}\n`);
}

const sizes = values.tasks.split(',').map(Number);
const { only } = values;
const plan = values.short ? shortPlan : longPlan(sizes).map((measurement) => [measurement]);
const isWanted = (measurement: Measurement): boolean => only === undefined || Object.values(measurement).includes(only);
const wanted = plan.map((group) => group.filter(isWanted));
const results = await measureAll(process.execPath, wanted, logStart);
const [{ model = 'an unknown processor' } = {}, ...others] = cpus();
const date = new Date().toISOString().slice(0, 10);
const machine = { cpu: model.trim(), cores: others.length + 1, node: process.versions.node, date };
const onBridge = bridgeSection(
  results,
  `${machine.cpu}, ${machine.cores} cores at a load of ${loadavg()[0]?.toFixed(0)}, Node ${machine.node}, ${date}.`,
);
process.stdout.write(`${targetsPage(results)}\n${tablesOf(results)}\n${onBridge}`);
if (values.short) process.stdout.write(`\n${JSON.stringify(ratiosOf(results), null, 2)}\n`);
if (values.write) {
  if (values.short) {
    const stated = Object.fromEntries(
      Object.entries(ratiosOf(results)).map(([name, of]) => [name, Number(of.toFixed(2))]),
    );
    writeFileSync(STATED, `${JSON.stringify({ ...JSON.parse(readFileSync(STATED, 'utf8')), ...stated }, null, 2)}\n`);
  } else {
    const before = readFileSync(PAGE, 'utf8');
    const page = only === 'bridge' ? before : withStartSection(pageOf(results, machine), startSectionOf(before));
    writeFileSync(PAGE, withSections(page, onBridge));
  }
}
