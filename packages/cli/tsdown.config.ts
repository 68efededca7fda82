import { fileURLToPath } from 'node:url';
import { type LicenseInfo, licensePlugin } from 'rolldown-license-plugin';
import { defineConfig } from 'tsdown';
import client from '../client/package.json' with { type: 'json' };
import { lightStart } from './light-start.ts';

/** What is bundled is shipped, and its licences ask to be shipped with it. */
const licenses = licensePlugin({
  allow: ({ license }) => /^\(?(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0)\b/.test(license),
  failOnViolation: true,
  failOnUnlicensed: true,
  done: (bundled, context) => {
    const source = bundled.map(sectionOf).join(`\n${'-'.repeat(80)}\n\n`);
    context.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.txt', source });
    context.emitFile({ type: 'asset', fileName: 'sbom.cdx.json', source: sbomOf(bundled) });
  },
});

function sectionOf({ name, version, license, licenseText }: LicenseInfo): string {
  return `${name} ${version} (${license})\n\n${licenseText.trim()}\n`;
}

/** The bundled packages as CycloneDX 1.6, for scanners that look for known faults in them. */
function sbomOf(bundled: readonly LicenseInfo[]): string {
  const components = bundled.map(({ name, version, license }) => ({
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    licenses: [{ expression: license.replace(/^\((.*)\)$/, '$1') }],
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  }));
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }, null, 2)}\n`;
}

const SHARED = new RegExp(
  [
    'client/src/(task/|machine/|clock|errors|store/task-store|connect/(connect-port|as-failure|connection|connection-view|relay|reopen-pace|session-tasks)[.])',
    'cli/src/[^/]+$(?<!bin.ts|program.ts)',
    'cli/src/display/',
    'cli/src/targets/(resolve-target|identify-target|target-of-record|record-connection|demo-target)',
    'cli/src/session/(session|find-record|close-soon|shared-store|follow-task|read-once|report-end|say-next|open-store|repeatable-questions)',
  ].join('|'),
);

/** The client as its source, so that the command is built without the compiler, which the demo does not install. */
const clientSource = Object.entries(client.exports)
  .flatMap(([path, target]) => (typeof target === 'string' ? [] : [[path, target.default] as const]))
  .map(([path, built]): [string, string] => [
    `@mcp-tasks/client${path.slice(1)}`,
    fileURLToPath(new URL(`../client/${built.replace('/dist/', '/src/').replace(/\.js$/, '.ts')}`, import.meta.url)),
  ])
  .reverse(); // the longest first: `@mcp-tasks/client` is the beginning of all others

// One bundle with lazy parts: everything static costs nearly half a second at each start.
// Ink's devtools import is aliased to nothing, since the bundle must not need it at run time; so is its guess whether
// this is CI, where it would draw nothing: whether there is a live view at all is decided before, in one place.
export default defineConfig({
  entry: { bin: 'src/bin.ts' },
  outDir: 'dist/bundle',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  sourcemap: false,
  minify: { compress: true, mangle: false, codegen: true }, // names stay: a stack trace has to be readable
  clean: true,
  outExtensions: () => ({ js: '.js' }),
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: {
    ...Object.fromEntries(clientSource),
    // Its other build asks for its parts in a way that a bundler does not see.
    'jsonc-parser': new URL('./node_modules/jsonc-parser/lib/esm/main.js', import.meta.url).pathname,
    'react-devtools-core': new URL('./src/live/ink/no-devtools.ts', import.meta.url).pathname,
    ws: new URL('./src/live/ink/no-devtools.ts', import.meta.url).pathname,
    'is-in-ci': new URL('./src/live/ink/not-in-ci.ts', import.meta.url).pathname,
    // Ink measures with one version and wraps with another.
    'string-width': new URL('./node_modules/string-width/index.js', import.meta.url).pathname,
  },
  plugins: [licenses, lightStart],
  // What nearly every command needs is one part: Node.js spends longer on finding a small file than on reading it. It is
  // apart from what speaks to servers, which brings schemas and validators.
  inputOptions: { preserveEntrySignatures: 'allow-extension' },
  outputOptions: {
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'shared', test: SHARED }],
    },
  },
  deps: {
    neverBundle: [/^libsql/, /^@libsql\//],
    alwaysBundle: [/.*/],
  },
});
