import { expect, test } from 'vitest';
import { BIN, bridgedDemo, startHttpBridge } from '../bridge/support.ts';
import { runSuite } from './run-suite.ts';
import { startTokenProxy } from './token-proxy.ts';

/** Scenarios that a bridge does not pass on, with the reason. All others must succeed. */
const NOT_PASSED: Readonly<Record<string, string>> = {
  'sep-2322-list-roots-incomplete': 'Roots are not passed on.',
  'sep-2322-multiple-inputs-incomplete': 'One of these questions is for sampling.',
  'sep-2322-respect-client-capabilities': 'Sampling is not passed on.',
  'sep-2322-sampling-incomplete': 'Sampling is not passed on.',
  'tools-call-sampling': 'Sampling is not passed on.',
  'sep-2575-missing-capability-http-400': 'A call is held for a person where the host cannot be asked.',
  'sep-2575-server-rejects-undeclared-capability': 'The same.',
  'sep-2575-server-sends-prompts-list-changed-on-subscription': 'The lists of the demo never change.',
  'sep-2575-server-sends-tools-list-changed-on-subscription': 'The lists of the demo never change.',
  'server-sse-priming-event': 'Optional: a broken stream is not replayed, the call is made again and joins.',
  'server-sse-retry-field': 'A part of the same replay.',
  'incoming-sse-event': 'The demo has no tool for the replay.',
  'tools-call-with-progress': 'A held call reports its own progress every five seconds.',
};

test.each([
  ['2026-07-28', 40],
  ['2025-11-25', 33],
])(
  'a bridge passes the general scenarios of %s, but for what it does not pass on',
  async (revision, scenarios) => {
    const target = ['--', process.execPath, BIN, 'demo', '--stdio', '--conformance', '--speed', '0.2'];
    const flags = ['--model-may-answer', '--hold', '5s'];
    const upstream = { ...bridgedDemo(), target: [...target, '--revision', revision] };
    const bridge = await startHttpBridge(upstream, flags);
    const proxy = await startTokenProxy(bridge.url, bridge.token);
    const checks = await runSuite(proxy.url, '--suite', 'all', '--spec-version', revision);
    proxy.stop();
    await bridge.stop();
    const troubles = checks.filter(({ status }) => !['SUCCESS', 'INFO'].includes(status));
    expect(troubles.filter(({ id }) => !Object.hasOwn(NOT_PASSED, id))).toEqual([]);
    expect(new Set(checks.map(({ scenario }) => scenario)).size).toBe(scenarios);
  },
  300_000,
);
