import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '@mcp-tasks/client';
import * as z from 'zod';

const cacheShape = z.object({
  version: z.literal(1),
  server: z.object({ name: z.string(), version: z.string() }),
  capabilities: z.record(z.string(), z.unknown()),
  instructions: z.string().nullable(),
  revision: z.string().optional(),
  tools: z.array(z.record(z.string(), z.unknown())),
});

/** The last description of a server: answers the first `tools/list` of a host without delay. */
export interface ServerFace {
  readonly server: { readonly name: string; readonly version: string };
  readonly capabilities: JsonObject;
  readonly instructions: string | null;
  /** The server's revision; absent in files of earlier versions. */
  readonly revision?: string | undefined;
  readonly tools: readonly JsonObject[];
}

export interface BridgeCache {
  /** `undefined` when the cache is missing or unreadable. */
  read(): Promise<ServerFace | undefined>;
  write(face: ServerFace): Promise<void>;
}

export function createBridgeCache(stateDirectory: string, fingerprint: string): BridgeCache {
  const folder = join(stateDirectory, 'bridge');
  const file = join(folder, `${fingerprint.replace(/[^\w-]/g, '_')}.json`);
  return {
    async read() {
      const text = await readFile(file, 'utf8').catch(() => undefined);
      if (text === undefined) return undefined;
      try {
        const parsed = cacheShape.safeParse(JSON.parse(text));
        return parsed.success ? (parsed.data as unknown as ServerFace) : undefined;
      } catch {
        return undefined;
      }
    },
    async write(face) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${file}.${process.pid}`;
      await writeFile(draft, JSON.stringify({ version: 1, ...face }), { mode: 0o600 });
      await rename(draft, file);
    },
  };
}
