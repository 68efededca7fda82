import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import { stateDirectory } from '../state-directory.ts';

/** Retention of an entry: after 24 h the server is asked again, since it may have been updated. */
const KEPT_MS = 24 * 3_600_000;
const MAX_KEPT = 500;

/** Servers that do not answer `server/discover`, by fingerprint: asking again costs half of the connect timeout. */
export interface SilentServers {
  has(fingerprint: string): Promise<boolean>;
  add(fingerprint: string): Promise<void>;
  remove(fingerprint: string): Promise<void>;
}

export function createSilentServers(context: Context): SilentServers {
  const directory = stateDirectory(context);
  const path = join(directory, 'silent-servers.json');

  /** Fingerprints and the instants until which they count. */
  async function read(): Promise<Map<string, number>> {
    const known: JsonValue = await readFile(path, 'utf8')
      .then(JSON.parse)
      .catch(() => ({}));
    const now = context.now();
    const entries = isJsonObject(known) ? Object.entries(known) : [];
    return new Map(
      entries.flatMap(([fingerprint, until]) =>
        typeof until === 'number' && until > now && until <= now + KEPT_MS ? [[fingerprint, until] as const] : [],
      ),
    );
  }

  async function change(work: (known: Map<string, number>) => void): Promise<void> {
    const known = await read();
    work(known);
    const kept = [...known].sort(([, a], [, b]) => b - a).slice(0, MAX_KEPT);
    const draft = `${path}.${context.pid}`;
    // Only speed depends on this file: write errors are ignored.
    await mkdir(directory, { recursive: true, mode: 0o700 })
      .then(() => writeFile(draft, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 }))
      .then(() => rename(draft, path))
      .catch(() => undefined);
  }

  return {
    has: async (fingerprint) => (await read()).has(fingerprint),
    add: (fingerprint) => change((known) => known.set(fingerprint, context.now() + KEPT_MS)),
    remove: (fingerprint) => change((known) => known.delete(fingerprint)),
  };
}
