import { fileURLToPath } from 'node:url';
import { type LicenseInfo, licensePlugin } from 'rolldown-license-plugin';
import { defineConfig } from 'tsdown';
import client from '../client/package.json' with { type: 'json' };
import { lightStart } from './light-start.ts';
import { staticNeeds } from './static-needs.ts';

/** The licences of bundled packages require that their texts are shipped. */
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

/** The bundled packages as CycloneDX 1.6, for vulnerability scanners. */
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

/** Aliases to the client's source: the demo builds the command without installing the compiler. */
const clientSource = Object.entries(client.exports)
  .flatMap(([path, target]) => (typeof target === 'string' ? [] : [[path, target.default] as const]))
  .map(([path, built]): [string, string] => [
    `@mcp-tasks/client${path.slice(1)}`,
    fileURLToPath(new URL(`../client/${built.replace('/dist/', '/src/').replace(/\.js$/, '.ts')}`, import.meta.url)),
  ])
  .reverse(); // longest first: `@mcp-tasks/client` is a prefix of all others

/** One part of the bundle: these files and their static imports, except those in an earlier part. */
function part(name: string, entries: readonly string[], { packages, except }: PartOptions = {}) {
  const files = entries.map((each) => fileURLToPath(new URL(each, import.meta.url)));
  const needs = staticNeeds(files, Object.fromEntries(clientSource));
  const isOurs = (id: string) => needs.has(id) && except?.test(id) !== true;
  return { name, test: (id: string) => isOurs(id) || packages?.test(id) === true };
}

interface PartOptions {
  /** Dependencies in this part. */
  readonly packages?: RegExp;
  /** Needed files that stay out of this part. */
  readonly except?: RegExp;
}

/** Small files that most commands, and a bridge's first answer, load: a separate part would load more slowly. */
const SHARED = [
  'src/aborted.ts',
  'src/display/duration.ts',
  'src/display/rough-width.ts',
  'src/no-programs.ts',
  'src/targets/demo-target.ts',
  'src/targets/resolve-target.ts',
  '../client/src/task/task.ts',
];
const WATCH = ['src/commands/watch/watch-targets.ts', 'src/live/world/watch-live.ts'];

// Opening a file costs more than reading it, and reading it more than running it: each step of the start loads one part
// with exactly its files. The packages that measure text have a part of their own: see `graphemes` in light-start.ts.
const PARTS = [
  part('program', ['src/run-process.ts', ...SHARED], { packages: /[\\/]commander[\\/]/ }),
  part('first-answers', ['src/commands/bridge/bridge.ts']),
  part(
    'records',
    [
      'src/commands/list/list.ts',
      'src/session/session.ts',
      'src/session/libsql-native.ts',
      '../client/src/store/sqlite-store.ts',
    ],
    { packages: /[\\/]libsql[\\/]/ },
  ),
  part('one-record', ['src/commands/get/get.ts', 'src/commands/result/result.ts']),
  part('width', ['src/display/graphemes.ts', 'src/display/bundled-string-width.ts'], {
    packages: /[\\/](string-width|strip-ansi|ansi-regex|get-east-asian-width)[\\/]/,
  }),
  part('mailbox', ['../client/src/api/mailbox.ts']),
  part('client', ['../client/src/api/task-client.ts']),
  part('forms', ['src/forms/validate-content.ts', 'src/forms/content.ts']),
  part('asking', ['src/session/ask-in-terminal.ts', 'src/auth/ask-to-sign-in.ts']),
  part('first-frame', ['src/commands/watch/watch.ts']),
  part('servers', WATCH, { except: /[\\/](live|watch)[\\/]/ }), // bridges and calls need them too
  part('ink', ['src/live/ink/yoga.ts', 'src/live/ink/measure-text.ts'], {
    packages: /[\\/]node_modules[\\/](ink|yoga-layout|react|react-reconciler|scheduler)[\\/]/,
  }),
  part('live', WATCH),
];

// One bundle with lazy parts: loading everything at each start would take nearly half a second.
export default defineConfig({
  entry: { bin: 'src/bin.ts' },
  outDir: 'dist/bundle',
  format: 'cjs',
  platform: 'node',
  target: 'es2023', // Node.js 20 without the regular expression flag v: literals with it compile when a file loads
  dts: false,
  sourcemap: false,
  minify: { compress: true, mangle: { toplevel: false, keepNames: true }, codegen: true }, // keep names: stack traces must be readable
  clean: true,
  outExtensions: () => ({ js: '.cjs' }),
  // With LIBSQL_JS_DEV set, libsql loads its native module only by `@neon-rs/load`, which libsql-native.ts replaces.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.LIBSQL_JS_DEV': '"bundled"' },
  alias: {
    ...Object.fromEntries(clientSource),
    // Its UMD build requires its parts by a variable, which a bundler cannot follow.
    'jsonc-parser': new URL('./node_modules/jsonc-parser/lib/esm/main.js', import.meta.url).pathname,
    // Ink measures and wraps with different versions: use one.
    'string-width': new URL('./node_modules/string-width/index.js', import.meta.url).pathname,
  },
  plugins: [licenses, lightStart()],
  inputOptions: { preserveEntrySignatures: 'allow-extension' },
  outputOptions: { strict: true, codeSplitting: { includeDependenciesRecursively: false, groups: PARTS } },
  deps: {
    neverBundle: [/^@libsql\//],
    alwaysBundle: [/.*/],
  },
});
