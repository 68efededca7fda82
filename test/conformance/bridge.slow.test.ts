import { afterAll, beforeAll, expect, test } from 'vitest';
import { BIN, bridgedDemo, startHttpBridge } from '../bridge/support.ts';
import { type Check, runSuite, TASK_SCENARIOS } from './run-suite.ts';
import { startTokenProxy } from './token-proxy.ts';

/** Checks that need not succeed for a bridge, with the reason. All others must. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'tasks-status-notifications': 'The suite skips it until it is rewritten; test/bridge checks the pushes.',
  'sep-2663-server-returns-missing-capability-when-required':
    'A bridge can serve every tool without a task: it holds the call.',
};

interface Bridged {
  readonly url: string;
  stop(): Promise<void>;
}

/** A bridge in front of the demo in one revision. It must accept the suite's answers, faster than any person's. */
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

const failedChecks = new Set<string>();

function unexpectedFailures(checks: readonly Check[]): readonly Check[] {
  const failures = checks.filter(({ status }) => !['SUCCESS', 'INFO'].includes(status));
  for (const { id } of failures) failedChecks.add(id);
  return failures.filter(({ id }) => !Object.hasOwn(EXCEPTIONS, id));
}

async function expectToPass(scenario: string, upstream: string): Promise<void> {
  const checks = await runSuite(bridges.get(upstream)?.url ?? '', '--scenario', scenario);
  expect(unexpectedFailures(checks)).toEqual([]);
  expect(checks.length).toBeGreaterThan(0);
}

test.each(TASK_SCENARIOS)('a bridge passes %s of the protocol’s own suite', (scenario) =>
  expectToPass(scenario, '2026-07-28'),
);

test.each(['tasks-lifecycle', 'tasks-mrtr-input', 'tasks-mrtr-composition'])(
  'a bridge in front of a server of 2025-11-25 also passes %s',
  (scenario) => expectToPass(scenario, '2025-11-25'),
);

test('every exception is a check that does not succeed', () => {
  expect([...failedChecks].sort()).toEqual(Object.keys(EXCEPTIONS).sort());
});
