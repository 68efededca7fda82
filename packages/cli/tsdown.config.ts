import { defineConfig } from 'tsdown';

// One bundle with lazy parts: everything static costs nearly half a second at each start.
// Ink's devtools import is aliased to nothing, since the bundle must not need it at run time.
export default defineConfig({
  entry: { bin: 'src/bin.ts' },
  outDir: 'dist/bundle',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  sourcemap: false,
  clean: true,
  outExtensions: () => ({ js: '.js' }),
  alias: { 'react-devtools-core': new URL('./src/tui/no-devtools.ts', import.meta.url).pathname },
  deps: {
    neverBundle: [/^libsql/, /^@libsql\//],
    alwaysBundle: [/.*/],
  },
});
