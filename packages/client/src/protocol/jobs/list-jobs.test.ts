import { expect, test } from 'vitest';
import { verifies } from '../../../../../test/faults/scenarios.ts';
import { dialect as mcp } from '../mcp-2026-07-28/dialect.ts';
import { jobPages } from './list-jobs.ts';
import { listedPolls } from './listed-polls.ts';
import type { JobMapping } from './mapping.ts';

const LIST = { tool: 'list_builds', items: '/builds', id: '/number', state: '/state', polls: true } as const;
const BUILD: JobMapping = {
  start: { tool: 'create_build', id: '/number' },
  status: { tool: 'get_build', arguments: { number: '{id}' }, state: '/state', map: { working: ['running'] } },
  list: LIST,
};

const listing = (count: number) => ({
  content: [],
  structuredContent: { builds: Array.from({ length: count }, (_, number) => ({ number, state: 'running' })) },
});

test(verifies('S5', 'a list of a million jobs is refused by its count, when listing and when polling'), () => {
  const refusal = { kind: 'invalid', problem: 'list_builds returned 1000000 items; more than 10000 are not accepted' };
  const million = listing(1_000_000);
  expect(jobPages('build', BUILD, LIST, {}, mcp).decode(million)).toMatchObject(refusal);
  expect(listedPolls(BUILD, mcp)?.decode(million, [])).toMatchObject(refusal);
  expect(jobPages('build', BUILD, LIST, {}, mcp).decode(listing(10_000))).toMatchObject({ kind: 'value' });
});
