import type { Cell } from './cell.ts';
import { CONTENDERS, type ContenderName, TITLES } from './contender.ts';

export type Results = readonly {
  readonly name: string;
  readonly wanted: string;
  readonly cells: Readonly<Record<ContenderName, Cell>>;
}[];

const INTRODUCTION = `# What each client survives

Written by \`npm run peers\`; every cell is what happened in that run. Each client runs in a process of its own, against
the same real HTTP server that does the same thing wrong. ✔ means that what is wanted happened, ✘ that it did not; the
words after it are the client's own.

- \`@mcp-tasks/client\` and \`@modelcontextprotocol/ext-tasks\` 0.2.2 speak 2026-07-28, but for the row that says
  otherwise. \`client.experimental.tasks.callToolStream\` of \`@modelcontextprotocol/sdk\` 1.x speaks 2025-11-25, where the
  server does the same fault.
- \`ext-tasks\` needs a dispatch from its host for 2026-07-28. Here it gets a generous one, which marks requests about a
  task that failed on the way, with 429 or with 5xx as worth repeating; it then tries once more. Neither it nor the SDK
  has a store of its own, so that after a restart they have what the server lists.
- A task of the scripted server works for 3 s and asks to be polled every 500 ms.
`;

const escapeCell = (words: string): string => words.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const mark = ({ survived, words }: Cell): string => `${survived ? '✔' : '✘'} ${escapeCell(words)}`;

export function renderTable(results: Results): string {
  const survived = (contender: ContenderName) => results.filter(({ cells }) => cells[contender].survived).length;
  const lines = results.map(({ name, wanted, cells }) => {
    const values = CONTENDERS.map((contender) => mark(cells[contender]));
    return `| ${[escapeCell(name), escapeCell(wanted), ...values].join(' | ')} |`;
  });
  return [
    INTRODUCTION,
    `| fault | wanted | ${CONTENDERS.map((contender) => TITLES[contender]).join(' | ')} |`,
    `|${'---|'.repeat(CONTENDERS.length + 2)}`,
    ...lines,
    `| **survived** | | ${CONTENDERS.map((contender) => `**${survived(contender)} of ${results.length}**`).join(' | ')} |`,
    '',
  ].join('\n');
}
