import { defineConfig } from 'vitest/config';
import { CountingReporter } from './test/support/counting-reporter.ts';
import { LongestFirst } from './test/support/longest-first.ts';

const all = process.env.MCP_TASKS_TEST_ALL === '1';
const client = new URL('./packages/client/src/', import.meta.url).pathname;

const common = {
  // Slow ones run with `npm run test:all` alone: programs from npm, packed tarballs, the soak, a browser.
  exclude: ['**/node_modules/**', '**/dist/**', ...(all ? [] : ['**/*.slow.test.ts'])],
  // Nothing here is about being fast: what is waited for comes, or the test hangs. A busy machine gets its time.
  testTimeout: 240_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 60_000 } },
};

// Unit tests run on the source; tests of the terminal, the packages and the wire run on the build.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@mcp-tasks\/client$/, replacement: `${client}index.ts` },
      { find: /^@mcp-tasks\/client\/(schema|telemetry|testing)$/, replacement: `${client}$1/index.ts` },
      { find: /^@mcp-tasks\/client\/jobs$/, replacement: `${client}protocol/jobs/index.ts` },
      { find: /^@mcp-tasks\/client\/(connect|sdk-v1|sdk-v2)$/, replacement: `${client}connect/$1.ts` },
      { find: /^@mcp-tasks\/client\/(memory-store|sqlite-store|postgres-store)$/, replacement: `${client}store/$1.ts` },
    ],
  },
  test: {
    reporters: ['default', new CountingReporter()],
    sequence: { sequencer: LongestFirst },
    // Much of it waits for servers and other processes: two cores are busy with five, and with three of the slow ones.
    maxWorkers: all ? 3 : 5,
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'unit',
          include: ['packages/*/src/**/*.test.{ts,tsx}'],
          // The files share their processes: to load the sources for each file costs more than to run its tests.
          isolate: false,
          // Ink draws nothing if it detects CI.
          env: { CI: 'false', CONTINUOUS_INTEGRATION: 'false' },
        },
      },
      {
        extends: true,
        test: {
          ...common,
          name: 'whole',
          include: ['test/**/*.test.{ts,tsx}'],
          globalSetup: './test/support/postgres/run-folder.ts',
        },
      },
    ],
  },
});
