import type { Cell } from './cell.ts';
import { CONTENDERS, type ContenderName, TITLES } from './contender.ts';

export type Results = readonly {
  readonly name: string;
  readonly wanted: string;
  readonly cells: Readonly<Record<ContenderName, Cell>>;
}[];

const INTRODUCTION = `# What each client survives

Written by \`npm run peers\`; every cell is the outcome of that run. Each client runs in a process of its own, against
the same real HTTP server with the same fault. ✔ means that the wanted outcome happened, ✘ that it did not; the text
after it reports the outcome in the client's own terms.

- \`@mcp-tasks/client\` and \`@modelcontextprotocol/ext-tasks\` 0.2.2 speak 2026-07-28, except in the row that
  names 2025-11-25. \`client.experimental.tasks.callToolStream\` of \`@modelcontextprotocol/sdk\` 1.x speaks 2025-11-25;
  its server has the same fault.
- \`ext-tasks\` needs a dispatch from its host for 2026-07-28. The one used here is generous: it marks task requests that
  failed in transit, with 429 or with 5xx as retryable, and \`ext-tasks\` then retries once. Neither it nor the SDK has
  a store of its own: after a restart they know only what the server lists.
- A task of the scripted server works for 3 s and asks to be polled every 500 ms.
`;

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const mark = ({ survived, text }: Cell): string => `${survived ? '✔' : '✘'} ${escapeCell(text)}`;

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
