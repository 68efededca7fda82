import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type MarkdownRenderer } from 'vitepress';

const docs = join(import.meta.dirname, '../../docs');

interface Entry {
  readonly text: string;
  readonly link: string;
}

/** The sidebar entry of a page, with its first heading as text. */
function page(name: string): Entry {
  const [, text = name] = /^# (.+)$/m.exec(readFileSync(join(docs, `${name}.md`), 'utf8')) ?? [];
  return { text, link: `/${name}` };
}

const sidebar = [
  { text: 'Start', items: ['start-terminal', 'start-host', 'start-program'].map(page) },
  { text: 'In a terminal', items: ['terminal', 'demo'].map(page) },
  { text: 'In a host', items: ['bridge', 'hosts'].filter(hasPage).map(page) },
  { text: 'In a program', items: ['embedding', 'transport', 'web'].map(page) },
  {
    text: 'Guides',
    items: ['reconnecting', 'production', 'many-processes', 'fleet', 'privacy', 'jobs', 'agents'].map(page),
  },
  {
    text: 'Look up',
    items: ['outcomes', 'errors', 'coming-from', 'performance', 'security', 'runtimes', 'reference'].map(page),
  },
  { text: 'Behind it', items: ['decisions'].map(page) },
];

function hasPage(name: string): boolean {
  return readdirSync(docs).includes(`${name}.md`);
}

const pages = sidebar.flatMap(({ items }) => items);

/** Writes llms.txt (a list of the pages) and llms-full.txt (all pages but the reference), as llmstxt.org specifies. */
function writeForModels(folder: string): void {
  const textOf = ({ link }: Entry): string => readFileSync(join(docs, `${link}.md`), 'utf8');
  const index = readFileSync(join(docs, 'index.md'), 'utf8').split('\n').slice(2, 4).join(' ').trim();
  const lists = sidebar.map(({ text, items }) =>
    [`## ${text}`, '', ...items.map((item) => `- [${item.text}](${item.link}.md)`)].join('\n'),
  );
  writeFileSync(join(folder, 'llms.txt'), [`# mcp-tasks`, `> ${index}`, ...lists, ''].join('\n\n'));
  const texts = pages.filter(({ link }) => link !== '/reference').map(textOf);
  writeFileSync(join(folder, 'llms-full.txt'), texts.join('\n\n'));
  for (const item of pages) writeFileSync(join(folder, `${item.link}.md`), textOf(item));
}

/** Removes links to files outside docs/, which are no pages of the site; their text stays. */
function unlinkFiles(state: StateCore): void {
  for (const { children } of state.tokens) {
    let isOpen = false;
    for (const token of children ?? []) {
      if (token.type === 'link_open' && String(token.attrGet('href')).startsWith('../')) isOpen = true;
      if (isOpen && /^link_(open|close)$/.test(token.type)) Object.assign(token, { tag: 'span', attrs: null });
      if (token.type === 'link_close') isOpen = false;
    }
  }
}

type StateCore = Parameters<Parameters<MarkdownRenderer['core']['ruler']['push']>[1]>[0];

export default defineConfig({
  title: 'mcp-tasks',
  description: 'One terminal and one TypeScript library for every durable task of the Model Context Protocol',
  // The job copies docs/ to this folder: pages elsewhere cannot resolve Vue.
  srcDir: './pages',
  outDir: './dist',
  cacheDir: './node_modules/.cache',
  cleanUrls: true,
  markdown: {
    config: (md) => void md.core.ruler.push('files', unlinkFiles),
  },
  // The tests check that these files exist.
  ignoreDeadLinks: [/^(\.\/)?\.\.\//],
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start-terminal' },
      { text: 'Reference', link: '/reference' },
    ],
  },
  vite: { build: { chunkSizeWarningLimit: 2_000 } },
  buildEnd: ({ outDir }) => writeForModels(outDir),
});
