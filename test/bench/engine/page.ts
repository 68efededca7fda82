import {
  CONTENDERS,
  type Contender,
  type HoldMeasurement,
  type PollFigures,
  type PollMeasurement,
} from './measurement.ts';
import { type Result, resultsOf, rowOf } from './results.ts';
import { targetsOf } from './targets.ts';

const TITLES: Readonly<Record<Contender, string>> = {
  bare: 'bare loop',
  'ext-tasks': 'ext-tasks 0.2.2',
  memory: 'mcp-tasks, memory',
  sqlite: 'mcp-tasks, SQLite',
};

const number = (value: number, digits = 0): string =>
  value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function pollTitle({ wire, tasks, hintMs, polls, news }: PollMeasurement): string {
  const each = news ? ', each poll brings a new message' : '';
  return `${wire}, ${number(tasks)} tasks, ${hintMs / 1000} s hint, ${polls} polls${each}`;
}

/** A table with a line per load and a column per contender. */
function byContender<E extends PollMeasurement | HoldMeasurement, F>(
  results: readonly { readonly measurement: E; readonly figures: F }[],
  title: (measurement: E) => string,
  cell: (figures: F, bare: F | undefined, contender: Contender) => string,
): string {
  const loads = [...new Set(results.map(({ measurement }) => rowOf(measurement)))];
  const rows = loads.map((load) => {
    const of = (contender: Contender) =>
      results.find(({ measurement }) => measurement.contender === contender && rowOf(measurement) === load);
    const [first] = results.filter(({ measurement }) => rowOf(measurement) === load);
    const cells = CONTENDERS.map((contender) => {
      const found = of(contender);
      return found === undefined ? '' : cell(found.figures, of('bare')?.figures, contender);
    });
    return [first === undefined ? '' : title(first.measurement), ...cells];
  });
  return table(['', ...CONTENDERS.map((contender) => TITLES[contender])], rows);
}

const isOurs = (contender: Contender): boolean => contender === 'memory' || contender === 'sqlite';

/** All tables, in Markdown. */
export function tablesOf(results: readonly Result[]): string {
  const polls = resultsOf(results, 'poll');
  const holds = resultsOf(results, 'hold');
  const pollTable = (cell: (figures: PollFigures, bare: PollFigures | undefined, contender: Contender) => string) =>
    byContender(polls, pollTitle, cell);
  const parts: string[] = [];
  if (polls.length > 0) {
    parts.push(
      '## CPU per poll, and its ratio to the bare loop',
      pollTable(({ cpuPerPollUs }, bare, contender) => {
        const ratio =
          bare === undefined || contender === 'bare' ? '' : ` (${number(cpuPerPollUs / bare.cpuPerPollUs, 2)} ×)`;
        return `${number(cpuPerPollUs)} µs${ratio}`;
      }),
      '## Poll delay after the hint, p50 / p99',
      pollTable(({ lateP50Ms, lateP99Ms }) => `${number(lateP50Ms)} / ${number(lateP99Ms)} ms`),
      '## Event loop delay, p99 / worst',
      pollTable(({ loopP99Ms, loopMaxMs }) => `${number(loopP99Ms)} / ${number(loopMaxMs)} ms`),
      '## Time until all tasks have completed; SQLite statements a second',
      pollTable(({ wallMs, statementsPerSecond }, _bare, contender) => {
        const statements = contender === 'sqlite' ? `; ${number(statementsPerSecond)}` : '';
        return `${number(wallMs / 1000, 1)} s${statements}`;
      }),
    );
  }
  if (holds.length > 0) {
    parts.push(
      '## Holding idle tasks: heap per task; CPU to resume all, with the longest event loop delay; then CPU and SQLite statements a second at rest',
      byContender(
        holds,
        ({ tasks }) => `${number(tasks)} tasks`,
        ({ heapPerTaskBytes, resumeCpuMs, resumeHeldMs, idleCpuPercent, statementsPerSecond }, _bare, contender) => {
          const resuming = isOurs(contender) ? `; ${number(resumeCpuMs)} ms, delay ${number(resumeHeldMs)} ms` : '';
          const statements = contender === 'sqlite' ? `, ${number(statementsPerSecond, 1)}` : '';
          return `${number(heapPerTaskBytes / 1024, 1)} KB${resuming}; ${number(idleCpuPercent, 1)} %${statements}`;
        },
      ),
    );
  }
  const others = [
    ...resultsOf(results, 'create').map(({ measurement, figures }) => [
      `a call that becomes a task, ${measurement.contender === 'memory' ? 'memory' : 'SQLite'}`,
      `${number(figures.cpuPerCallMs, 2)} ms CPU, ${number(figures.wallPerCallMs, 2)} ms wall time with 50 in flight`,
    ]),
    ...resultsOf(results, 'decode').map(({ measurement, figures }) => [
      `a result of ${measurement.megabytes} MB, parsed and decoded`,
      `${number(figures.overParse, 2)} × \`JSON.parse\` (${number(figures.parseMs)} ms)`,
    ]),
  ];
  if (others.length > 0) parts.push('## Calls and large results', table(['', ''], others));
  return `${parts.join('\n\n')}\n`;
}

/** The targets, with those that were missed. */
export function targetsPage(results: readonly Result[]): string {
  const targets = targetsOf(results);
  if (targets.length === 0) return '';
  const rows = targets.map(({ what, limit, measured, isMet }) => [what, limit, measured, isMet ? 'met' : '**missed**']);
  const missed = targets.filter(({ isMet }) => !isMet);
  const remedies = [...new Set(missed.map(({ remedy }) => remedy))].map((remedy) => {
    const whats = missed.filter((each) => each.remedy === remedy).map(({ what }) => what);
    return `- Missed: ${whats.join('; ')}. ${remedy}`;
  });
  return `${['## Targets', table(['', 'target', 'measured', ''], rows), remedies.join('\n')].filter(Boolean).join('\n\n')}\n`;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly date: string;
}

/** `docs/performance.md`. */
export function pageOf(results: readonly Result[], { cpu, cores, node, date }: Machine): string {
  return `# Performance

The cost of following many tasks, compared with a bare loop that polls again after the hint, and with
\`@modelcontextprotocol/ext-tasks\`. All figures come from one run, in which the contenders ran one after the other, each
in a process of its own. Written by \`npm run bench -- --write\`, not by hand.

Measured on ${cpu}, ${cores} cores, Node ${node}, ${date}. Absolute times depend on that machine, which also ran
other work; the ratios carry over to others.

In process, the server is a function that replies at once. Over HTTP it is another process that speaks revision
2026-07-28, and the CPU time is the client's alone. The first polls are spread over one hint.

${targetsPage(results)}
${tablesOf(results)}`;
}
