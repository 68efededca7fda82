import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isJsonObject, type JsonObject } from '@mcp-tasks/client';

/** Tokens and client registration of one server: readable by this user alone, outside the records. */
export interface CredentialFile {
  read(): JsonObject;
  /** Merges into the file; `undefined` removes a part. The write is atomic. */
  write(part: Readonly<Record<string, JsonObject | string | undefined>>): void;
  delete(): boolean;
}

export function openCredentialFile(path: string): CredentialFile {
  function read(): JsonObject {
    try {
      const content: unknown = JSON.parse(readFileSync(path, 'utf8'));
      return isJsonObject(content) ? content : {};
    } catch {
      return {}; // missing or unreadable: the next sign-in writes a new one
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
      const existed = Object.keys(read()).length > 0;
      rmSync(path, { force: true });
      return existed;
    },
  };
}
