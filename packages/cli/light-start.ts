import { fileURLToPath } from 'node:url';

/** A statement of a dependency that costs time at the start, or memory for good, and what stands in its place in the bundle. */
interface Change {
  readonly file: RegExp;
  readonly from: RegExp;
  readonly to: string;
  /** The statement that imports what stands there. */
  readonly needs?: string;
}

const GRAPHEMES = `import { graphemes, rgiEmoji } from ${pathOf('display/graphemes.ts')};`;
const LIBSQL = /[\\/]libsql[\\/]index\.js$/;
const EITHER_SIGNAL = `import { eitherSignal } from ${pathOf('targets/either-signal.ts')};`;

const changes: readonly Change[] = [
  // Yoga compiles its WebAssembly in another turn, which `require` cannot wait for. It takes a few milliseconds here.
  {
    file: /[\\/]yoga-wasm-base64-esm\.js$/,
    from: /loadYoga = loadYoga \|\| \{\};/,
    to: `loadYoga = { instantiateWasm(imports, receive) {
      const code = Buffer.from(H.slice(H.indexOf(',') + 1), 'base64');
      const instance = new WebAssembly.Instance(new WebAssembly.Module(code), imports);
      receive(instance);
      return instance.exports;
    } };`,
  },
  { file: /[\\/]yoga-wasm-base64-esm\.js$/, from: /return loadYoga\.ready/, to: 'return loadYoga' },
  { file: /[\\/]yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/, from: /await loadYoga\(\)/, to: 'loadYoga()' },
  // Ink waits for its developer tools, which are not in the bundle.
  {
    file: /[\\/]ink[\\/]build[\\/]reconciler\.js$/,
    from: /if \(isDev\(\)\) \{[\s\S]*?\n\}\n(?=const diff)/,
    to: '',
  },
  {
    file: /[\\/]ink[\\/]build[\\/]reconciler\.js$/,
    from: /isDev\(\)\s+\? await loadPackageJson\(\)\s+:/,
    to: '',
  },
  // Whoever measures text loads the tables of all scripts at once.
  {
    file: /[\\/](string-width[\\/]index|slice-ansi[\\/]tokenize-ansi|ansi-tokenize[\\/]build[\\/]tokenize)\.js$/,
    from: /new Intl\.Segmenter\(.*?\)/,
    to: 'graphemes',
    needs: GRAPHEMES,
  },
  {
    file: /[\\/]string-width[\\/]index\.js$/,
    from: /\/\^\\p\{RGI_Emoji\}\$\/v/,
    to: 'rgiEmoji',
    needs: GRAPHEMES,
  },
  // Ink keeps the size of every text that it ever drew: in a view that is left open, a line for each second of each task.
  {
    file: /[\\/]ink[\\/]build[\\/]measure-text\.js$/,
    from: /cache\.set\(text, dimensions\);/,
    to: 'if (cache.size >= 1000) cache.clear();\n    cache.set(text, dimensions);',
  },
  // libsql takes long to find its native module, which is installed beside it.
  {
    file: LIBSQL,
    from: /const \{ load, currentTarget \} = require\("@neon-rs\/load"\);\nconst \{ familySync, GLIBC, MUSL \} = require\("detect-libc"\);/,
    to: `const { nativeOfLibsql, requireOfLibsql } = require(${pathOf('session/libsql-native.ts')});`,
  },
  {
    file: LIBSQL,
    from: /function requireNative\(\) \{/,
    to: `function requireNative() {
  const native = nativeOfLibsql();
  if (native !== undefined) return native;
  const { load, currentTarget } = requireOfLibsql('@neon-rs/load');
  const { familySync, GLIBC, MUSL } = requireOfLibsql('detect-libc');`,
  },
  {
    file: LIBSQL,
    from: /return require\(`@libsql\/\$\{target\}`\)/,
    to: "return requireOfLibsql('@libsql/' + target)",
  },
  // Commander loads child_process for commands that are programs of their own; there are none.
  {
    file: /[\\/]commander[\\/]lib[\\/]command\.js$/,
    from: /const childProcess = require\('node:child_process'\);/,
    to: "const childProcess = { spawn: (...args) => require('node:child_process').spawn(...args) };",
  },
  // The SDK joins the signal of its transport with that of each request, and the platform remembers every such pair.
  {
    file: /[\\/]@modelcontextprotocol[\\/]client[\\/]dist[\\/]index\.mjs$/,
    from: /if \(typeof AbortSignal\.any === "function"\) return AbortSignal\.any\(\[a, b\]\);/,
    to: 'return eitherSignal(a, b);',
    needs: EITHER_SIGNAL,
  },
];

function pathOf(own: string): string {
  return JSON.stringify(fileURLToPath(new URL(`./src/${own}`, import.meta.url)));
}

/** Dependencies as they are, but for what they load before anything needs it, and for what they never let go. */
export const lightStart = {
  name: 'light-start',
  transform(code: string, id: string): string | undefined {
    let light = code;
    const needed = new Set<string>();
    for (const { file, from, to, needs } of changes) {
      if (!file.test(id)) continue;
      if (!from.test(light)) throw new Error(`${id} starts in another way now: ${from} is not in it`);
      light = light.replace(from, to);
      if (needs !== undefined) needed.add(needs);
    }
    return light === code ? undefined : [...needed, light].join('\n');
  },
  /** The runtime of the bundler does nothing by itself: a part that uses none of it does not load it. */
  renderChunk(code: string): string {
    const [statement, name] =
      /^(?:const (\w+) = )?require\(["'`][^"'`]*rolldown-runtime[^"'`]*["'`]\);$/m.exec(code) ?? [];
    const isUsed = name !== undefined && code.split(name).length > 2;
    return statement === undefined || isUsed ? code : code.replace(statement, '');
  },
};
