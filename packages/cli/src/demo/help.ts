import { CHAOS_HELP } from './chaos.ts';
import type { DemoOptions } from './options.ts';

const BOTH = 'both generations of MCP tasks, 2026-07-28 and 2025-11-25,';

export const TOOLS_HELP = [
  ['release', 'asks for an approval, then how to roll out'],
  ['survey', 'asks two forms at once, with every kind of field'],
  ['sign-in', 'asks to open a page, which the demo serves'],
  ['confirm-first', 'asks before there is a task, then again in it'],
  ['summarize', 'asks the model behind the client (sampling)'],
  ['report', 'reports progress, then returns text and data'],
  ['batch', 'runs for a while; a request to cancel stops it'],
  ['batch-pinned', 'gets a request to cancel, and completes anyway'],
  ['import', 'fails, with an error code and data'],
  ['check', 'completes with a result that is an error (isError)'],
  ['large-result', 'returns as many kilobytes as you like'],
  ['hello', 'answers at once; never a task'],
  ['echo', 'returns its arguments at once; never a task'],
  ['mischief', 'misbehaves, see below'],
] as const;

/** The lines that `demo` prints below its URL. */
export function describeDemo(
  url: string,
  { storeDirectory, revision, token, conformance, chaos }: DemoOptions,
): string {
  const access = token === undefined ? '' : ' --token-env DEMO_TOKEN';
  const misbehaviour = chaos !== undefined && Object.keys(chaos).length > 0;
  return [
    `Serving ${revision === undefined ? BOTH : `MCP tasks of ${revision}`} until Ctrl-C.`,
    storeDirectory === undefined
      ? 'Tasks end with this process; --tasks DIRECTORY keeps them.'
      : `Tasks are kept in ${storeDirectory}, and resume when the demo restarts.`,
    ...(misbehaviour ? ['It misbehaves on purpose, as --chaos says.'] : []),
    ...(conformance === true ? ['The fixtures of the conformance suite are on offer.'] : []),
    '',
    'Connect any client',
    `  over HTTP    ${url}`,
    '  over stdio   mcp-tasks demo --stdio',
    '',
    'Try, in another terminal',
    ...(token === undefined ? [] : ['  export DEMO_TOKEN=…    # the token this demo was started with']),
    `  mcp-tasks watch ${url}${access}`,
    `  mcp-tasks call ${url} release --arg version=2.4.0${access}`,
    `  mcp-tasks tools ${url}${access}`,
  ].join('\n');
}

/** The tools, for the end of `demo --help`. */
export function describeTools(): string {
  return `Tools:\n${table(TOOLS_HELP)}`;
}

export function describeChaos(): string {
  return [
    'Misbehaviour, off by default, for those who build clients; several with commas:',
    table(CHAOS_HELP),
    '',
    'One task alone misbehaves by the arguments of the tool "mischief", which also',
    'has odd times to live, texts of any length, and a key that comes back with',
    'another question.',
  ].join('\n');
}

function table(rows: readonly (readonly [name: string, text: string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
