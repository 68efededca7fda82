import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@mcp-tasks/client';

/** The last description of a server: answers the first `tools/list` of a host without delay. */
export interface ServerDescription {
  readonly server: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions: string | null;
  /** The server's revision; absent in files of earlier versions. */
  readonly revision?: string | undefined;
  readonly tools: readonly JsonObject[];
}

export interface BridgeCache {
  /** `undefined` when the cache is missing or unreadable. */
  read(): Promise<ServerDescription | undefined>;
  write(description: ServerDescription): Promise<void>;
}

export function createBridgeCache(stateDirectory: string, fingerprint: string): BridgeCache {
  const folder = join(stateDirectory, 'bridge');
  const file = join(folder, `${fingerprint.replace(/[^\w-]/g, '_')}.json`);
  return {
    async read() {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      try {
        return descriptionIn(JSON.parse(text));
      } catch {
        return undefined;
      }
    },
    async write(description) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, JSON.stringify({ version: 1, ...description }), { mode: 0o600 });
      await rename(draft, file);
    },
  };
}

/** Validates without a schema library, which loads slower than everything else before the first answer. */
function descriptionIn(cached: unknown): ServerDescription | undefined {
  if (!isJsonObject(cached) || cached.version !== 1) return undefined;
  const { server, capabilities, instructions, revision, tools } = cached;
  const isSound =
    isJsonObject(server) &&
    typeof server.name === 'string' &&
    typeof server.version === 'string' &&
    isJsonObject(capabilities) &&
    (instructions === null || typeof instructions === 'string') &&
    (revision === undefined || typeof revision === 'string') &&
    Array.isArray(tools) &&
    tools.every(isJsonObject);
  return isSound
    ? ({ server, capabilities, instructions, revision, tools } as unknown as ServerDescription)
    : undefined;
}
