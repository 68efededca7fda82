import type { Contender, HoldFigures, HoldMeasurement, PollFigures, PollMeasurement } from './measurement.ts';
import { type Result, resultsOf, rowOf } from './results.ts';

/** A target of the engine with its measured value. */
export interface Target {
  readonly what: string;
  readonly limit: string;
  readonly measured: string;
  readonly isMet: boolean;
  /** The change that would reach it. */
  readonly remedy: string;
}

const REMEDY = {
  cpu: 'A third of the rest is garbage collection of the objects of each task, and much of a run of ten polls is code that is not compiled yet: it would take fewer objects per task, and one pass over the reply instead of decoding and comparing.',
  sqlite:
    'SQLite adds a transaction at the end of each task, which reads, parses, changes and writes the record. It would take a write of the end that does not parse the stored record first.',
  http: 'It would take one less copy of each answer between the socket and the decoder.',
  late: 'It would take smaller transactions where many tasks end at once.',
  loop: 'It would take smaller transactions, or the database in a thread of its own.',
  heap: 'It would take a record kept as text while nothing happens to it.',
  idle: 'It would take longer pauses between two checks for mail.',
  resume:
    'Half of it is SQLite handing out each record and `JSON.parse`: once for the list, once for the claim. It would take a list of ids alone.',
  create: 'It would take one transaction for the intents of one turn.',
  decode: 'It would take a decoder that does not check the nesting depth of stored values.',
} as const;

const round = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

function upTo(
  what: string,
  value: number,
  limit: number,
  [unit, digits, remedy]: readonly [string, number, string],
): Target {
  const isMet = value <= limit;
  return {
    what,
    limit: `≤ ${round(limit, limit % 1 === 0 ? 0 : 1)}${unit}`,
    measured: `${round(value, digits)}${unit}`,
    isMet,
    remedy,
  };
}

function pollTargets(results: readonly Result[]): readonly Target[] {
  const polls = resultsOf(results, 'poll').filter(({ measurement }) => !measurement.news && measurement.tasks >= 1_000);
  const bareOf = (measurement: PollMeasurement): PollFigures | undefined =>
    polls.find((other) => other.measurement.contender === 'bare' && rowOf(other.measurement) === rowOf(measurement))
      ?.figures;
  return polls.flatMap(({ measurement, figures }) => {
    const limit = limitOf(measurement);
    const bare = bareOf(measurement);
    if (limit === undefined || bare === undefined) return [];
    const isHttp = measurement.wire === 'HTTP';
    const what = `CPU per poll over the bare loop's, ${measurement.wire}, ${round(measurement.tasks)} tasks, ${nameOf(measurement.contender)}`;
    const remedy = isHttp ? REMEDY.http : measurement.contender === 'sqlite' ? REMEDY.sqlite : REMEDY.cpu;
    return [upTo(what, figures.cpuPerPollUs / bare.cpuPerPollUs, limit, [' ×', 2, remedy])];
  });
}

function limitOf({ contender, wire }: PollMeasurement): number | undefined {
  if (contender === 'memory') return wire === 'HTTP' ? 0.8 : 3;
  if (contender === 'sqlite') return wire === 'HTTP' ? 0.9 : 5;
  return undefined;
}

const nameOf = (contender: Contender): string => (contender === 'sqlite' ? 'SQLite' : contender);

function crowdTargets(results: readonly Result[]): readonly Target[] {
  const crowd = resultsOf(results, 'poll').find(
    ({ measurement: { tasks, contender, wire } }) =>
      tasks === 10_000 && contender === 'sqlite' && wire === 'in process',
  );
  if (crowd === undefined) return [];
  const { measurement, figures } = crowd;
  const of = `10,000 tasks, ${measurement.hintMs / 1000} s hint, SQLite`;
  return [
    upTo(`poll delay, p99: ${of}`, figures.lateP99Ms, measurement.hintMs * 0.1 + 500, [' ms', 0, REMEDY.late]),
    upTo(`event loop delay, p99: ${of}`, figures.loopP99Ms, 50, [' ms', 0, REMEDY.loop]),
    upTo(`event loop delay, at worst: ${of}`, figures.loopMaxMs, 200, [' ms', 0, REMEDY.loop]),
  ];
}

function holdTargets(results: readonly Result[]): readonly Target[] {
  const holds = resultsOf(results, 'hold').filter(({ measurement }) => measurement.contender === 'sqlite');
  const [last] = holds.sort((a, b) => b.measurement.tasks - a.measurement.tasks);
  if (last === undefined) return [];
  const { measurement, figures }: { measurement: HoldMeasurement; figures: HoldFigures } = last;
  const of = `${round(measurement.tasks)} tasks, SQLite`;
  return [
    upTo(`heap per open task: ${of}`, figures.heapPerTaskBytes / 1024, 8, [' KB', 1, REMEDY.heap]),
    upTo(`statements a second at rest: ${of}`, figures.statementsPerSecond, 20, ['', 1, REMEDY.idle]),
    upTo(`CPU to resume all: ${of}`, figures.resumeCpuMs, 1_000, [' ms', 0, REMEDY.resume]),
    upTo(`event loop delay while all are resumed, at worst: ${of}`, figures.resumeHeldMs, 200, [
      ' ms',
      0,
      REMEDY.resume,
    ]),
  ];
}

function otherTargets(results: readonly Result[]): readonly Target[] {
  const creates = resultsOf(results, 'create').filter(({ measurement }) => measurement.contender === 'sqlite');
  return [
    ...creates.map(({ figures }) =>
      upTo('CPU of a call that becomes a task, SQLite', figures.cpuPerCallMs, 2, [' ms', 2, REMEDY.create]),
    ),
    ...resultsOf(results, 'decode').map(({ measurement, figures }) =>
      upTo(`a result of ${measurement.megabytes} MB over \`JSON.parse\``, figures.overParse, 1.2, [
        ' ×',
        2,
        REMEDY.decode,
      ]),
    ),
  ];
}

export function targetsOf(results: readonly Result[]): readonly Target[] {
  return [...pollTargets(results), ...crowdTargets(results), ...holdTargets(results), ...otherTargets(results)];
}
