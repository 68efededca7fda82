// npm run fleet -- --workers 8 --tasks 10000 --minutes 10
import { parseArgs } from 'node:util';
import { describeFigures } from './figures.ts';
import type { Fault } from './inject-fault.ts';
import { runFleet } from './run-fleet.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '8' },
    tasks: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '10' },
    hint: { type: 'string', default: '10' },
    asks: { type: 'string', default: '5' },
    faults: { type: 'string' },
  },
});
const [workers, tasks, minutes, hint, asks] = [
  Number(values.workers),
  Number(values.tasks),
  Number(values.minutes),
  Number(values.hint),
  Number(values.asks),
];

/** The faults of about a minute: two kills, one stop, and one cut connection or database restart. */
const MINUTES: readonly (readonly Fault[])[] = [
  ['kill', 'stop', 'kill', 'silence'],
  ['kill', 'stop', 'kill', 'restart'],
  ['kill', 'stop', 'kill', 'cut'],
];
const planned = Array.from({ length: Math.max(1, Math.round(minutes)) }, (_, at) => MINUTES[at % 3] ?? []).flat();
const faults = (values.faults?.split(',') as Fault[] | undefined) ?? planned;

const figures = await runFleet({
  workers,
  tasks,
  hintMs: hint * 1_000,
  quietMs: 10_000,
  faults,
  pauseMs: 7_000,
  asksPerSecond: asks,
  report: (text) => void process.stderr.write(`${text}\n`),
});
process.stdout.write(`${describeFigures(figures)}\n`);
const { overlaps, stale, lost, doubleAnswers, crashes } = figures;
process.exit(overlaps + stale + lost + doubleAnswers + crashes === 0 ? 0 : 1);
