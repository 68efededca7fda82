import { fileURLToPath } from 'node:url';

/** Replaces a module that a dependency imports by a module of ours. */
interface StandIn {
  readonly name: string;
  readonly importer: RegExp;
  readonly own: URL;
}

/** Replaces a global in one file of a dependency by a value of ours. */
interface OwnGlobal {
  readonly file: RegExp;
  readonly global: string;
  /** The text that needs the replacement; the build fails when the file no longer contains it. */
  readonly use: string;
  readonly own: URL;
  readonly exported: string;
}

/** Replaces a statement in one file of a dependency. */
interface Change {
  readonly file: RegExp;
  readonly from: RegExp;
  readonly to: string;
}

const INK = /[\\/]ink[\\/]build[\\/]/;
const RECONCILER = /[\\/]ink[\\/]build[\\/]reconciler\.js$/;
const LIBSQL = /[\\/]libsql[\\/]index\.js$/;

export const standIns: readonly StandIn[] = [
  // Ink caches the size of every text it drew: an open view adds a text per second and task.
  { name: './measure-text.js', importer: INK, own: new URL('./src/live/ink/measure-text.ts', import.meta.url) },
  // The developer tools of Ink are not in the bundle.
  { name: './utils.js', importer: INK, own: new URL('./src/live/ink/not-in-dev.ts', import.meta.url) },
  { name: './devtools.js', importer: INK, own: new URL('./src/live/ink/no-devtools.ts', import.meta.url) },
  // In CI Ink draws nothing; `personTerminal` alone decides whether there is a live view.
  { name: 'is-in-ci', importer: INK, own: new URL('./src/live/ink/not-in-ci.ts', import.meta.url) },
  // The emoji list and the segmenter of string-width take 50 ms to load.
  {
    name: 'string-width',
    importer: /^(?!.*bundled-string-width\.ts$)/,
    own: new URL('./src/display/bundled-string-width.ts', import.meta.url),
  },
  // Yoga awaits its WebAssembly at the top level, which CommonJS cannot do.
  { name: 'yoga-layout', importer: INK, own: new URL('./src/live/ink/yoga.ts', import.meta.url) },
  // libsql takes 13 ms to find its native module, which is installed beside it.
  { name: '@neon-rs/load', importer: LIBSQL, own: new URL('./src/session/libsql-native.ts', import.meta.url) },
  { name: 'detect-libc', importer: LIBSQL, own: new URL('./src/session/libsql-native.ts', import.meta.url) },
  // Commander loads child_process (3 ms) for commands that are separate programs; mcp-tasks has none.
  {
    name: 'node:child_process',
    importer: /[\\/]commander[\\/]/,
    own: new URL('./src/no-programs.ts', import.meta.url),
  },
];

const SEGMENTER = {
  global: 'Intl',
  use: 'Intl.Segmenter',
  own: new URL('./src/display/graphemes.ts', import.meta.url),
  exported: 'lazyIntl',
};

export const ownGlobals: readonly OwnGlobal[] = [
  // The tables of all scripts take 13 ms, and load with the first segmenter.
  { file: /[\\/]slice-ansi[\\/]tokenize-ansi\.js$/, ...SEGMENTER },
  { file: /[\\/]ansi-tokenize[\\/]build[\\/]tokenize\.js$/, ...SEGMENTER },
  // Yoga fetches its WebAssembly from a data: URL, and decodes it without `fetch`, whose loading takes 30 ms.
  {
    file: /[\\/]yoga-wasm-base64-esm\.js$/,
    global: 'fetch',
    use: 'fetch(H',
    own: new URL('./src/live/ink/no-fetch.ts', import.meta.url),
    exported: 'noFetch',
  },
  // The SDK combines the signals of its transport and of each request; Node.js leaks each until the connection ends.
  {
    file: /[\\/]@modelcontextprotocol[\\/]client[\\/]dist[\\/]index\.mjs$/,
    global: 'AbortSignal',
    use: 'AbortSignal.any',
    own: new URL('./src/targets/either-signal.ts', import.meta.url),
    exported: 'EitherSignal',
  },
];

export const changes: readonly Change[] = [
  // Ink awaits its developer tools twice at the top level, which CommonJS cannot do. ES modules can, but cost 8 to
  // 13 ms more CPU time per start: a list takes 3.3 times that of bare Node.js instead of 2.8.
  { file: RECONCILER, from: /await (?=import\('\.\/devtools\.js'\))/, to: '' },
  { file: RECONCILER, from: /await (?=loadPackageJson\(\))/, to: '' },
];

/** Replaces the parts of dependencies that slow the start or leak memory. */
export function lightStart() {
  const unmet = new Set<StandIn | OwnGlobal | Change>([...standIns, ...ownGlobals, ...changes]);
  return {
    name: 'light-start',
    resolveId(source: string, importer: string | undefined): string | undefined {
      const found = standIns.find(
        ({ name, importer: by }) => name === source && importer !== undefined && by.test(importer),
      );
      if (found === undefined) return undefined;
      unmet.delete(found);
      return fileURLToPath(found.own);
    },
    transform(code: string, id: string): string | undefined {
      let light = code;
      for (const change of changes) {
        if (!change.file.test(id) || light.search(change.from) < 0) continue;
        light = light.replace(change.from, change.to);
        unmet.delete(change);
      }
      for (const own of ownGlobals) {
        if (!own.file.test(id) || !code.includes(own.use)) continue;
        light = `import { ${own.exported} as ${own.global} } from ${JSON.stringify(fileURLToPath(own.own))};\n${light}`;
        unmet.delete(own);
      }
      return light === code ? undefined : light;
    },
    /** Fails when a new version of a dependency no longer has a replaced part. */
    buildEnd(error?: Error): void {
      if (error !== undefined || unmet.size === 0) return;
      const gone = [...unmet].map((entry) => ('name' in entry ? entry.name : 'use' in entry ? entry.use : entry.from));
      throw new Error(`light-start.ts replaces what no dependency has: ${gone.join(', ')}`);
    },
  };
}
