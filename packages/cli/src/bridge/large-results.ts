import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CallToolResult } from '@mcp-tasks/client';

/** Characters reserved for the note around a cut text. */
const RESERVE = 500;

/**
 * Cuts a result to the host's limit: the beginning of each text, and a link to the whole result in our state folder.
 */
export async function truncateResult(
  result: CallToolResult,
  { maxCharacters, folder, id }: { readonly maxCharacters: number; readonly folder: string; readonly id: string },
): Promise<CallToolResult> {
  const whole = JSON.stringify(result);
  if (whole.length <= maxCharacters) return result;
  const file = join(folder, `${id}.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, whole, { mode: 0o600 });
  const note = `(Too large for this host: ${whole.length} characters, of which this is the beginning. The whole result: ${file})`;
  const head = textOf(result).slice(0, Math.max(0, maxCharacters - RESERVE));
  const link = {
    type: 'resource_link',
    uri: pathToFileURL(file).href,
    name: `result-${id}`,
    mimeType: 'application/json',
  };
  const { structuredContent, content, ...rest } = result;
  return { ...rest, content: [{ type: 'text', text: `${note}\n${head}` }, link] } as CallToolResult;
}

function textOf({ content = [], structuredContent }: CallToolResult): string {
  const texts = content.flatMap((block) => (block.type === 'text' ? [String(block.text)] : []));
  return texts.length > 0 ? texts.join('\n') : JSON.stringify(structuredContent ?? content);
}
