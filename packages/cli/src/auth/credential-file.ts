import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isJsonObject, type JsonObject } from '@mcp-tasks/client';

/** What one server's sign-in left behind: readable by this user alone, and apart from the records. */
export interface CredentialFile {
  read(): JsonObject;
  /** Merged into what is there; `undefined` removes. Written whole or not at all. */
  write(part: Readonly<Record<string, JsonObject | string | undefined>>): void;
  delete(): boolean;
}

export function openCredentialFile(path: string): CredentialFile {
  function read(): JsonObject {
    try {
      const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return isJsonObject(content) ? content : {};
    } catch {
      return {}; // none yet, or unreadable: signing in again writes a new one
    }
  }

  return {
    read,
    write(part) {
      const next = JSON.stringify({ ...read(), ...part }, null, 2);
      const draft = `${path}.${process.pid}.new`;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(draft, `${next}\n`, { mode: 0o600 });
      renameSync(draft, path);
    },
    delete() {
      const was = Object.keys(read()).length > 0;
      rmSync(path, { force: true });
      return was;
    },
  };
}
