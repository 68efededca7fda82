import { type Result, resultsOf } from './results.ts';

const MAX_LIST_MS = 300;
const TITLE = '## A bridge in front of a server over stdio';

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(0)} MB`;

/** A section of the page; empty when no bridge was measured. */
export function bridgeSection(results: readonly Result[], machine: string): string {
  const [result] = resultsOf(results, 'bridge');
  if (result === undefined) return '';
  const { directMs, bridgedMs, bridgedP99Ms, listMs, bareStartMs, frontBytes, keeperBytes } = result.figures;
  const verdict = `target ≤ ${MAX_LIST_MS} ms: ${listMs <= MAX_LIST_MS ? 'met' : '**missed**'}`;
  const rows = [
    ['an immediate call without the bridge, p50', ms(directMs)],
    ['the same through the bridge, recorded before it is sent, p50 / p99', `${ms(bridgedMs)} / ${ms(bridgedP99Ms)}`],
    [`from the start of the bridge to its cached list of tools, p50; ${verdict}`, ms(listMs)],
    ['the same for the server alone, p50', ms(bareStartMs)],
    ['memory of the front, one per host', megabytes(frontBytes)],
    ['memory of the keeper, one per server', megabytes(keeperBytes)],
  ];
  const table = ['|  |  |', '| --- | --- |', ...rows.map((cells) => `| ${cells.join(' | ')} |`)];
  return `${[TITLE, machine, table.join('\n')].join('\n\n')}\n`;
}

/** The page with these sections replacing those of the same title; new ones are appended. */
export function withSections(page: string, sections: string): string {
  const split = (text: string): string[] => text.split(/^(?=## )/m);
  const titleOf = (section: string): string => section.split('\n', 1)[0] ?? '';
  const known = split(page);
  for (const section of split(sections).filter((each) => each.startsWith('## '))) {
    const at = known.findIndex((each) => titleOf(each) === titleOf(section));
    if (at === -1) known.push(section);
    else known[at] = section;
  }
  return `${known.map((each) => each.trimEnd()).join('\n\n')}\n`;
}
