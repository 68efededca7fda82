import { expect, test } from 'vitest';
import { verifies } from '../faults/scenarios.ts';
import { embeddedPrograms } from '../support/postgres/find-programs.ts';
import { runFleet } from './run-fleet.ts';

test.skipIf(embeddedPrograms() === undefined)(
  verifies('F1', 'a fleet polls, answers and delivers each task once, despite faults of workers and database'),
  async () => {
    const reports: string[] = [];
    const figures = await runFleet({
      workers: 3,
      tasks: 300,
      hintMs: 1_000,
      quietMs: 2_000,
      faults: ['kill', 'stop', 'restart', 'kill'],
      pauseMs: 500,
      asksPerSecond: 10,
      report: (text) => reports.push(text),
    });
    const { overlaps, stale, lost, doubleAnswers, crashes, takeoversMs, answersMs } = figures;
    expect({ overlaps, stale, lost, doubleAnswers, crashes, reports }).toEqual({
      overlaps: 0,
      stale: 0,
      lost: 0,
      doubleAnswers: 0,
      crashes: 0,
      reports,
    });
    expect(Math.max(...(takeoversMs.kill ?? []))).toBeLessThan(4_000);
    expect(Math.max(...(takeoversMs.stop ?? []))).toBeLessThan(14_000);
    expect(answersMs.length).toBeGreaterThan(50);
  },
);
