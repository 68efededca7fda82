import { applyEdits, modify } from 'jsonc-parser';
import { parse as parseToml, stringify as stringifyToml } from 'smol-toml';
import { parseDocument } from 'yaml';
import { CliError } from '../cli-error.ts';
import type { HostFile } from './host-files.ts';

/** The command that starts a bridge. */
export interface BridgeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** The file with the entry of this name set, or removed when `entry` is undefined. Comments and order are kept. */
export function editHostFile(
  text: string,
  { shape, path }: Pick<HostFile, 'shape' | 'path'>,
  name: string,
  entry: BridgeCommand | undefined,
): string {
  switch (shape) {
    case 'mcpServers':
      return editJson(text, ['mcpServers', name], entry);
    case 'servers':
      return editJson(text, ['servers', name], entry && { type: 'stdio', ...entry });
    case 'opencode':
      return editJson(
        text,
        ['mcp', name],
        entry && { type: 'local', command: [entry.command, ...entry.args], enabled: true },
      );
    case 'codex':
      return editToml(text, path, name, entry);
    case 'goose':
      return editYaml(text, name, entry);
  }
}

function editJson(text: string, path: readonly string[], value: unknown): string {
  const indent = /\n(\t|[ ]+)"/.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: indent !== '\t',
    tabSize: indent === '\t' ? 1 : indent.length,
    insertFinalNewline: true,
  };
  const before = text.trim() === '' ? '{}\n' : text;
  return applyEdits(before, modify(before, [...path], value, { formattingOptions }));
}

/** No TOML library keeps comments: edit the section as text, then parse the whole file to verify it. */
function editToml(text: string, path: string, name: string, entry: BridgeCommand | undefined): string {
  const header = `mcp_servers.${/^[\w-]+$/.test(name) ? name : JSON.stringify(name)}`;
  const kept = withoutSection(text, header).trimEnd();
  const body = entry && stringifyToml({ ...entry, args: [...entry.args], required: true });
  const edited = [kept, ...(body === undefined ? [] : [`[${header}]\n${body.trimEnd()}`])].filter(Boolean).join('\n\n');
  const servers = (parseToml(edited) as { readonly mcp_servers?: Readonly<Record<string, unknown>> }).mcp_servers ?? {};
  if (Object.hasOwn(servers, name) === (entry !== undefined)) return edited === '' ? '' : `${edited}\n`;
  throw new CliError(
    'configuration-invalid',
    `${path} holds "${name}" in a form that mcp-tasks cannot edit`,
    'Edit the file by hand.',
  );
}

/** Removes a section: from its header to the next header outside it. */
function withoutSection(text: string, header: string): string {
  const lines = text.split('\n');
  const kept: string[] = [];
  let inside = false;
  for (const line of lines) {
    const found = /^\s*\[+\s*([^\]]+?)\s*\]+/.exec(line)?.[1];
    if (found !== undefined) inside = found === header || found.startsWith(`${header}.`);
    if (!inside) kept.push(line);
  }
  return kept.join('\n');
}

function editYaml(text: string, name: string, entry: BridgeCommand | undefined): string {
  const document = parseDocument(text === '' ? '{}' : text);
  if (entry === undefined) document.deleteIn(['extensions', name]);
  else {
    const { command: cmd, args } = entry;
    document.setIn(
      ['extensions', name],
      document.createNode({ name, type: 'stdio', enabled: true, cmd, args, timeout: 300 }),
    );
  }
  return document.toString();
}
