import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, bridgedDemo, startHttpBridge } from '../bridge/support.ts';
import { type Check, runSuite, TASK_SCENARIOS } from './run-suite.ts';
import { startTokenProxy } from './token-proxy.ts';

/** Checks that the suite skips for a bridge, with the reason. All others must succeed. */
const UNCHECKED: Readonly<Record<string, string>> = {
  'tasks-status-notifications': 'The suite skips it until it is rewritten; test/bridge checks the pushes.',
  'sep-2663-server-returns-missing-capability-when-required':
    'A bridge can serve every tool without a task: it holds the call.',
};

interface Bridged {
  readonly url: string;
  stop(): Promise<void>;
}

/** A bridge in front of the demo in one revision. The suite answers instantly, unlike a person. */
async function startBridge(revision: string): Promise<Bridged> {
  const flags = ['--stdio', '--conformance', '--speed', '0.2', '--revision', revision];
  const target = ['--', process.execPath, BIN, 'demo', ...flags];
  const bridge = await startHttpBridge({ ...bridgedDemo(), target }, ['--model-may-answer']);
  const proxy = await startTokenProxy(bridge.url, bridge.token);
  return {
    url: proxy.url,
    async stop() {
      proxy.stop();
      await bridge.stop();
    },
  };
}

const bridges = new Map<string, Bridged>();
beforeAll(async () => {
  for (const revision of ['2026-07-28', '2025-11-25']) bridges.set(revision, await startBridge(revision));
});
afterAll(async () => {
  await Promise.all([...bridges.values()].map((bridge) => bridge.stop()));
});

const unchecked = new Set<string>();

function troubleIn(checks: readonly Check[]): readonly Check[] {
  const troubles = checks.filter(({ status }) => !['SUCCESS', 'INFO'].includes(status));
  for (const { id } of troubles) unchecked.add(id);
  return troubles.filter(({ id }) => !Object.hasOwn(UNCHECKED, id));
}

async function expectToPass(scenario: string, upstream: string): Promise<void> {
  const checks = await runSuite(bridges.get(upstream)?.url ?? '', '--scenario', scenario);
  expect(troubleIn(checks)).toEqual([]);
  expect(checks.length).toBeGreaterThan(0);
}

test.each(TASK_SCENARIOS)('a bridge passes %s of the protocol’s own suite', (scenario) =>
  expectToPass(scenario, '2026-07-28'),
);

test.each(['tasks-lifecycle', 'tasks-mrtr-input', 'tasks-mrtr-composition'])(
  'a bridge in front of a server of 2025-11-25 also passes %s',
  (scenario) => expectToPass(scenario, '2025-11-25'),
);

test('the list of unchecked scenarios matches the suite', () => {
  expect([...unchecked].sort()).toEqual(Object.keys(UNCHECKED).sort());
});
