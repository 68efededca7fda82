import { fileURLToPath } from 'node:url';

/** A replacement in a dependency's source, for a statement that slows the start or leaks memory. */
interface Change {
  readonly file: RegExp;
  readonly from: RegExp;
  readonly to: string;
  /** Import statement that the replacement needs. */
  readonly needs?: string;
}

const GRAPHEMES = `import { graphemes, rgiEmoji } from ${pathOf('display/graphemes.ts')};`;
const LIBSQL = /[\\/]libsql[\\/]index\.js$/;
const EITHER_SIGNAL = `import { eitherSignal } from ${pathOf('targets/either-signal.ts')};`;

const changes: readonly Change[] = [
  // Yoga compiles its WebAssembly asynchronously, which `require` cannot wait for. Compile it synchronously: a few ms.
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
  // Ink awaits its developer tools, which the bundle leaves out.
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
  // A segmenter loads the tables of all scripts at once: create it on first use.
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
  // Ink caches the size of every text it drew, without limit: an open view adds one per task and second.
  {
    file: /[\\/]ink[\\/]build[\\/]measure-text\.js$/,
    from: /cache\.set\(text, dimensions\);/,
    to: 'if (cache.size >= 1000) cache.clear();\n    cache.set(text, dimensions);',
  },
  // libsql searches long for its native module, which is installed beside it.
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
  // Commander loads child_process for subcommands that are separate programs; we have none.
  {
    file: /[\\/]commander[\\/]lib[\\/]command\.js$/,
    from: /const childProcess = require\('node:child_process'\);/,
    to: "const childProcess = { spawn: (...args) => require('node:child_process').spawn(...args) };",
  },
  // AbortSignal.any of a lasting and a brief signal leaks memory: see either-signal.ts.
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

/** Bundler plugin: applies the replacements to the dependencies' sources. */
export const lightStart = {
  name: 'light-start',
  transform(code: string, id: string): string | undefined {
    let light = code;
    const needed = new Set<string>();
    for (const { file, from, to, needs } of changes) {
      if (!file.test(id)) continue;
      if (!from.test(light)) throw new Error(`${id} has changed: ${from} does not match it`);
      light = light.replace(from, to);
      if (needs !== undefined) needed.add(needs);
    }
    return light === code ? undefined : [...needed, light].join('\n');
  },
  /** Removes an unused import of the bundler's runtime, so that a part without it loads one file less. */
  renderChunk(code: string): string {
    const [statement, name] =
      /^(?:const (\w+) = )?require\(["'`][^"'`]*rolldown-runtime[^"'`]*["'`]\);$/m.exec(code) ?? [];
    const isUsed = name !== undefined && code.split(name).length > 2;
    return statement === undefined || isUsed ? code : code.replace(statement, '');
  },
};
