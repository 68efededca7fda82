/** The section of `docs/performance.md` that `npm run bench:start -- --write` writes: the last one. */
const HEAD = '## Start of the commands';

/** The section of the page; empty when there is none. */
export function startSectionOf(page: string): string {
  const at = page.indexOf(HEAD);
  return at === -1 ? '' : page.slice(at);
}

export function withStartSection(page: string, section: string): string {
  const at = page.indexOf(HEAD);
  return `${(at === -1 ? page : page.slice(0, at)).trimEnd()}\n\n${section}`;
}

export interface Start {
  readonly name: string;
  readonly ms: number;
  readonly ofNode: number;
  readonly cpuMs: number;
  readonly cpuOfNode: number;
  /** Limit as a multiple of bare Node's CPU time. @default measured only */
  readonly limit?: number | undefined;
}

export interface StartMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly load: number;
  readonly node: string;
  readonly date: string;
  readonly rounds: number;
}

/** `moving`: share of a core used by a view of 1,000 rows that all change each second. */
export function formatStartSection(
  starts: readonly Start[],
  moving: number | undefined,
  { cpu, cores, load, node, date, rounds }: StartMachine,
): string {
  const rows = starts.map(({ name, ms, ofNode, cpuMs, cpuOfNode, limit }) => {
    const target = limit === undefined ? ['', ''] : [`≤ ${limit} ×`, cpuOfNode <= limit ? 'met' : '**missed**'];
    const cells = [name, `${ms.toFixed(0)} ms, ${ofNode.toFixed(2)} ×`, timesNode(cpuMs, cpuOfNode), ...target];
    return `| ${cells.join(' | ')} |`;
  });
  const share = moving === undefined ? undefined : (100 * moving).toFixed(1);
  const view =
    share === undefined
      ? []
      : [
          '',
          `The live view takes ${share} % of a core while 1,000 rows change once a second (target ≤ 15 %: ${Number(share) <= 15 ? 'met' : '**missed**'}).`,
        ];
  return [
    HEAD,
    '',
    `Each command compared with bare Node in alternating rounds, median of ${rounds}. Targets apply to the CPU time, because`,
    `other load on the machine affects it less. ${cpu}, ${cores} cores, load ${load.toFixed(0)}, Node ${node}, ${date}.`,
    'Written by `npm run bench:start -- --write`.',
    '',
    '| | time, × bare Node | CPU, × bare Node | target | |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...view,
    '',
  ].join('\n');
}

function timesNode(cpuMs: number, ofNode: number): string {
  return Number.isNaN(cpuMs) ? '' : `${cpuMs.toFixed(0)} ms, ${ofNode.toFixed(2)} ×`;
}
