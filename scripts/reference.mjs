// Writes docs/reference.md from the library's declarations: each public name, its shape and its docstring.
// `--check` only reports whether the file is up to date.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'docs/reference.md');
const manifest = JSON.parse(readFileSync(join(root, 'packages/client/package.json'), 'utf8'));
const DECLARATION =
  /^(\/\*\*(?:(?!\*\/)[\s\S])*?\*\/\n)?export (?:declare )?(interface|type|class|function|const) (\w+)/gm;

/** The text of a declaration, up to its closing brace or semicolon at the outermost level. */
function bodyOf(text, start, endsAtBrace) {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at];
    if (text.startsWith('/*', at)) at = text.indexOf('*/', at) + 1;
    else if (letter === "'") quoted = !quoted;
    else if (quoted) continue;
    else if ('{(['.includes(letter)) depth += 1;
    else if ('})]'.includes(letter)) depth -= 1;
    if (depth > 0) continue;
    if (letter === ';') return text.slice(start, at + 1);
    if (endsAtBrace && letter === '}' && /^\s*(\n|$)/.test(text.slice(at + 1, at + 3)))
      return text.slice(start, at + 1);
  }
  return text.slice(start);
}

function declarationsOf(path) {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(DECLARATION)].map((match) => {
    const start = match.index + (match[1]?.length ?? 0);
    return {
      name: match[3],
      kind: match[2],
      doc: match[1],
      body: bodyOf(text, start, ['interface', 'class'].includes(match[2])).replace(/^export (declare )?/, ''),
    };
  });
}

/** The declarations that a module exports: its own, and those it re-exports by name. */
function publicOf(path) {
  const text = readFileSync(path, 'utf8');
  const reexported = [...text.matchAll(/export (?:type )?\{([^}]*)\} from '(\.[^']+)'/g)].flatMap(([, names, from]) => {
    const target = resolve(dirname(path), from).replace(/(\.d)?\.[tj]s$/, '.d.ts');
    const wanted = names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter(Boolean);
    return existsSync(target) ? publicOf(target).filter(({ name }) => wanted.includes(name)) : [];
  });
  return [...reexported, ...declarationsOf(path)];
}

/** A docstring as Markdown: its text, and its `@example` as a block that the tests compile. */
function proseOf(doc) {
  if (doc === undefined) return '';
  const lines = doc
    .replace(/^\/\*\*|\*\/\s*$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const [prose, example] = lines
    .join('\n')
    .trim()
    .split(/\n?@example\n/);
  const text = prose.replace(/\{@link (\w+)\}/g, '`$1`').replace(/^@(\w+) /gm, '*$1:* ');
  return example === undefined ? text : `${text}\n\nExample:\n\n\`\`\`ts\n${example}\n\`\`\``;
}

/** Names and members without a docstring. */
function undocumentedIn({ name, kind, doc, body }) {
  const undocumented = doc === undefined ? [name] : [];
  if (kind !== 'interface' && kind !== 'class') return undocumented;
  const lines = body.split('\n');
  const members = lines.flatMap((line, at) => {
    const member = /^ {4}(?:readonly )?(\w+)[?(:<]/.exec(line)?.[1];
    const isDocumented =
      lines[at - 1]?.trimEnd().endsWith('*/') || member === 'constructor' || line.includes("name = '");
    return member === undefined || isDocumented ? [] : [`${name}.${member}`];
  });
  return [...undocumented, ...members];
}

function sectionOf({ title, names }) {
  const parts = names.map(({ name, doc, body }) =>
    [`### ${name}`, proseOf(doc), `\`\`\`ts\n${body.trim()}\n\`\`\``].filter(Boolean).join('\n\n'),
  );
  return [`## ${title}`, ...parts].join('\n\n');
}

/** The table of contents: the names of each module, values before types. */
function contentsOf({ title, names }) {
  const isType = ({ kind }) => kind === 'interface' || kind === 'type';
  const links = (some) => some.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(', ');
  const parts = [links(names.filter((each) => !isType(each))), links(names.filter(isType))].filter(Boolean);
  return `**${title}**: ${parts.join('; types: ')}`;
}

/** The table of outcomes and the diagram of states: the same as in docs/outcomes.md. */
function statesOf(outcomes) {
  const [table] = /^\| status of the task[\s\S]*?(?=\n\n)/m.exec(outcomes) ?? [];
  const [diagram] = /^```text\n[\s\S]*?^```$/m.exec(outcomes) ?? [];
  if (table === undefined || diagram === undefined) throw new Error('docs/outcomes.md has no table or no diagram');
  return ['## Outcomes, errors and exit codes', table, '## States of a record', diagram].join('\n\n');
}

/** Modules of the package; an exported JSON schema has no declarations. */
const modules = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === 'object')
  .map(([entry, { types }]) => ({
    title: join('@mcp-tasks/client', entry),
    names: publicOf(join(root, 'packages/client', types)).toSorted((a, b) => a.name.localeCompare(b.name)),
  }));
const undocumented = modules.flatMap(({ names }) => names.flatMap(undocumentedIn));
if (undocumented.length > 0) {
  process.stderr.write(`Without a docstring: ${[...new Set(undocumented)].join(', ')}\n`);
  process.exitCode = 1;
}
const intro =
  '# Reference\n\nGenerated from the docstrings of `@mcp-tasks/client` by `npm run reference`.\n\n## Contents';
const states = statesOf(readFileSync(join(root, 'docs/outcomes.md'), 'utf8'));
const text = [intro, ...modules.map(contentsOf), states, ...modules.map(sectionOf)].join('\n\n');
const biome = [join(root, 'test/node_modules/@biomejs/biome/bin/biome'), 'format', `--stdin-file-path=${page}`];
const written = execFileSync(process.execPath, biome, { input: text, encoding: 'utf8', cwd: root });
if (!process.argv.includes('--check')) writeFileSync(page, written);
else if (!existsSync(page) || readFileSync(page, 'utf8') !== written) {
  process.stderr.write('docs/reference.md is out of date. Update it: npm run reference\n');
  process.exitCode = 1;
}
