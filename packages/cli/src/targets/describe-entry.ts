import { commandToPaste, wordToPaste } from '../display/quote-command.ts';
import { safeText } from '../display/safe-text.ts';
import { variablesIn } from './expand-variables.ts';
import type { ConfiguredServer } from './read-configuration.ts';
import { urlWords } from './url-words.ts';

/** Describes a connection, one line each: the program or URL, and the names of the variables it receives. */
export function describeEntry({ entry, directory }: ConfiguredServer): readonly string[] {
  if (entry.kind === 'unusable') return [entry.why];
  if (entry.kind === 'url') {
    const headers = Object.entries(entry.headers).map(([name, value]) => `sends     ${safeText(`${name}: ${value}`)}`);
    const reads = [entry.url, ...Object.values(entry.headers)].flatMap(variablesIn);
    return [`connects  ${safeText(urlWords(entry))}`, ...headers, ...variablesLine(reads)];
  }
  const { command, args, env, inherit, envFile, cwd } = entry;
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const reads = [command, ...args, cwd ?? '', envFile ?? '', ...Object.values(env)].flatMap(variablesIn);
  return [
    `starts    ${commandToPaste([command, ...args])}`,
    `in        ${safeText(cwd === undefined ? directory : `${cwd} (from ${directory})`)}`,
    ...pairs.map((pair) => `sets      ${wordToPaste(pair)}`),
    ...(envFile === undefined ? [] : [`sets      the variables in ${safeText(envFile)}`]),
    ...variablesLine([...reads, ...inherit]),
  ];
}

function variablesLine(names: readonly string[]): readonly string[] {
  return names.length === 0
    ? []
    : [`gives it  your variables ${[...new Set(names)].map((name) => safeText(name)).join(', ')}`];
}
