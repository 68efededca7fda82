import { expect, test } from 'vitest';
import { BIN, bridgedDemo, startHttpBridge } from '../bridge/support.ts';
import { runSuite } from './run-suite.ts';
import { startTokenProxy } from './token-proxy.ts';

/** Checks that may fail for a bridge, with the reason. All others must succeed. */
const MAY_FAIL: Readonly<Record<string, string>> = {
  'sep-2322-list-roots-incomplete': 'The bridge does not forward roots.',
  'sep-2322-multiple-inputs-incomplete': 'One of the questions is for sampling.',
  'sep-2322-respect-client-capabilities': 'The bridge does not forward sampling.',
  'sep-2322-sampling-incomplete': 'The bridge does not forward sampling.',
  'tools-call-sampling': 'The bridge does not forward sampling.',
  'sep-2575-missing-capability-http-400': 'If the host cannot be asked, the call is held for a person.',
  'sep-2575-server-rejects-undeclared-capability': 'The same.',
  'sep-2575-server-sends-prompts-list-changed-on-subscription': 'The lists of the demo never change.',
  'sep-2575-server-sends-tools-list-changed-on-subscription': 'The lists of the demo never change.',
  'server-sse-priming-event': 'Optional: a broken stream is not replayed; the repeated call joins the first.',
  'server-sse-retry-field': 'Part of the same replay.',
  'incoming-sse-event': 'The demo has no tool for the replay.',
  'tools-call-with-progress': 'A held call reports its own progress every five seconds.',
};

test.each([
  ['2026-07-28', 40],
  ['2025-11-25', 33],
])(
  'a bridge passes the general scenarios of %s, except for the listed checks',
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
    expect(troubles.filter(({ id }) => !Object.hasOwn(MAY_FAIL, id))).toEqual([]);
    expect(new Set(checks.map(({ scenario }) => scenario)).size).toBe(scenarios);
  },
  300_000,
);
