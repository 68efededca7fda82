import type { JsonValue } from '@mcp-tasks/client';
import type { ParseError } from 'jsonc-parser';
import { CliError } from '../cli-error.ts';
import type { ConfigurationFile, Format } from './configuration-files.ts';

/** The content of a configuration file. @throws {CliError} `configuration-invalid` */
export async function parseConfiguration(file: ConfigurationFile, bytes: Uint8Array): Promise<JsonValue> {
  try {
    const text = decode(bytes);
    return text.trim() === '' ? {} : await parsers[file.format](text);
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new CliError(
      'configuration-invalid',
      `${file.path} is not ${file.format.toUpperCase()}: ${reason}`,
      'Correct the file.',
    );
  }
}

/** Editors and PowerShell write UTF-16 with a byte order mark. */
function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder().decode(bytes);
}

const parsers: Readonly<Record<Format, (text: string) => Promise<JsonValue>>> = {
  async json(text) {
    const { parse, printParseErrorCode } = await import('jsonc-parser');
    const problems: ParseError[] = [];
    const value = parse(text, problems, { allowTrailingComma: true }) as JsonValue;
    const [first] = problems;
    if (first === undefined) return value;
    throw new SyntaxError(
      `${printParseErrorCode(first.error)} in line ${text.slice(0, first.offset).split('\n').length}`,
    );
  },
  async toml(text) {
    return (await import('smol-toml')).parse(text) as unknown as JsonValue;
  },
  async yaml(text) {
    return (await import('yaml')).parse(text, { maxAliasCount: 100 }) as JsonValue;
  },
};
