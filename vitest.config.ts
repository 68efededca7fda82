import { defineConfig } from 'vitest/config';
import { CountingReporter } from './test/support/counting-reporter.ts';
import { LongestFirst } from './test/support/longest-first.ts';

const all = process.env.MCP_TASKS_TEST_ALL === '1';
const client = new URL('./packages/client/src/', import.meta.url).pathname;

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
    // Slow tests run only with `npm run test:all`: programs from npm, packed tarballs, the soak, a browser.
    exclude: ['**/node_modules/**', '**/dist/**', ...(all ? [] : ['**/*.slow.test.ts'])],
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    globalSetup: './test/support/postgres/run-folder.ts',
    // Tests wait for content, not for time. Long timeouts let them pass on a busy machine.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', new CountingReporter()],
    sequence: { sequencer: LongestFirst },
    // Tests mostly wait for other processes: four workers keep two cores busy, three if slow tests run.
    maxWorkers: all ? 3 : 4,
  },
});
