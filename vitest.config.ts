import { defineConfig } from 'vitest/config';

const client = new URL('./packages/client/src/', import.meta.url).pathname;

// Unit tests run on the source; tests of the terminal, the packages and the wire run what was built.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@mcp-tasks\/client$/, replacement: `${client}index.ts` },
      { find: /^@mcp-tasks\/client\/testing$/, replacement: `${client}testing/index.ts` },
      { find: /^@mcp-tasks\/client\/(.+)$/, replacement: `${client}adapters/$1.ts` },
    ],
  },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
