import type { Command, Option } from 'commander';
import { exitCodeMeanings } from '../../exit-codes.ts';

/** Builds the manual page from the help texts, without a date, so that builds are reproducible. */
export function manPage(program: Command, version: string): string {
  const commands = program.commands.filter((command) => !command.name().startsWith('_'));
  return [
    `.TH MCP\\-TASKS 1 "" "mcp\\-tasks ${roff(version)}" "User Commands"`,
    section('NAME', `mcp\\-tasks \\- ${roff(program.description())}`),
    section('SYNOPSIS', '.B mcp\\-tasks\n.I command\n[options]'),
    section('COMMANDS', commands.map(commandText).join('\n')),
    section('EXIT STATUS', exitCodeMeanings.map(([code, meaning]) => term(String(code), meaning)).join('\n')),
    section('ENVIRONMENT', ENVIRONMENT.map(([name, about]) => term(name, about)).join('\n')),
    section('FILES', FILES.map(([name, about]) => term(name, about)).join('\n')),
    '',
  ].join('\n');
}

const ENVIRONMENT = [
  ['MCP_TASKS_HOME', 'where the records are'],
  ['MCP_TASKS_STORE', 'a shared store in place of the records of this machine: postgres://…'],
  ['MCP_TASKS_NO_UI', 'plain lines, also in a terminal'],
  ['NO_COLOR, FORCE_COLOR', 'no colours, or colours also where there is no terminal'],
  ['VISUAL, EDITOR, PAGER', 'the programs that long texts are written and read in'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy of every request'],
] as const;

const FILES = [
  ['~/.config/mcp-tasks/config.json', 'your settings: mcp-tasks help config'],
  ['~/.config/mcp-tasks/jobs.json', 'mappings of jobs behind ordinary tools'],
] as const;

function section(title: string, body: string): string {
  return `.SH ${title}\n${body}`;
}

function commandText(command: Command): string {
  const options = command.options.filter(({ hidden }) => !hidden).map(optionText);
  const usage = command
    .usage()
    .split('\n')
    .map((line) => line.replace(/^\s*mcp-tasks \S+ /, ''));
  return [
    `.SS mcp\\-tasks ${roff(command.name())}`,
    ...usage.map((line) => `.B ${roff(command.name())}\n${guarded(roff(line))}\n.br`),
    guarded(roff(command.description())),
    ...options,
  ].join('\n');
}

function optionText({ flags, description }: Option): string {
  return term(flags, description);
}

function term(name: string, about: string): string {
  return `.TP\n.B ${roff(name)}\n${guarded(roff(about))}`;
}

/** Escapes text for roff: a backslash starts an escape, and a plain hyphen may be broken or drawn as another sign. */
function roff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll('…', '...');
}

/** Guards lines that start with a dot or apostrophe, which roff reads as requests. */
function guarded(text: string): string {
  return text.replace(/^[.']/gm, '\\&$&');
}
