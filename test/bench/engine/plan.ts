import {
  CONTENDERS,
  type Contender,
  type HoldMeasurement,
  type Measurement,
  type PollMeasurement,
  type WireKind,
} from './measurement.ts';

const HINTS_MS: Readonly<Record<WireKind, (tasks: number) => number>> = {
  // Polls per second that one of our processes is meant to sustain: 2,000 in process, 500 over HTTP.
  'in process': (tasks) => Math.max(500, tasks / 2),
  HTTP: (tasks) => Math.max(1_000, tasks * 2),
};

function pollMeasurement(contender: Contender, wire: WireKind, tasks: number, news = false): PollMeasurement {
  const polls = wire === 'HTTP' && tasks > 1_000 ? 3 : 10;
  return { kind: 'poll', contender, wire, tasks, hintMs: HINTS_MS[wire](tasks), polls, news };
}

/** All measurements of the table, in order: contenders run side by side. */
export function longPlan(sizes: readonly number[]): readonly Measurement[] {
  const polls = (['in process', 'HTTP'] as const).flatMap((wire) =>
    sizes.flatMap((tasks) => CONTENDERS.map((contender) => pollMeasurement(contender, wire, tasks))),
  );
  const news = sizes
    .filter((tasks) => tasks === 1_000)
    .flatMap((tasks) => CONTENDERS.map((contender) => pollMeasurement(contender, 'in process', tasks, true)));
  const holds = sizes
    .filter((tasks) => tasks >= 1_000)
    .flatMap((tasks) =>
      CONTENDERS.map((contender): HoldMeasurement => ({ kind: 'hold', contender, tasks, windowMs: 10_000 })),
    );
  return [
    ...polls,
    ...news,
    ...holds,
    { kind: 'create', contender: 'memory', calls: 500 },
    { kind: 'create', contender: 'sqlite', calls: 500 },
    { kind: 'decode', megabytes: 7, rounds: 5 },
    { kind: 'bridge', calls: 200, rounds: 11 },
  ];
}

const IN_SHORT = ['bare', 'memory', 'sqlite'] as const;

/** The short plan for the tests, a few seconds long. Members of a group run at the same time, under equal load. */
export const shortPlan: readonly (readonly Measurement[])[] = [
  IN_SHORT.map((contender) => {
    return { kind: 'poll', contender, wire: 'in process', tasks: 250, hintMs: 200, polls: 20, news: false };
  }),
  IN_SHORT.map((contender) => {
    return { kind: 'poll', contender, wire: 'HTTP', tasks: 70, hintMs: 250, polls: 16, news: false };
  }),
  [{ kind: 'decode', megabytes: 2, rounds: 5 }],
];
