import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { CliError } from '../cli-error.ts';
import type { SessionStore } from '../mcp-server/sessions.ts';

const TOKEN_BYTES = 24;
/** Minimum length of a token in characters; a shorter one can be guessed. */
export const MIN_TOKEN = 16;
/** Limit of sessions; the least recently used are forgotten. */
const MAX_SESSIONS = 1_000;
/** Limit of a saved `initialize` request, in characters; a larger session does not survive a restart. */
const MAX_INITIALIZE = 64 * 1024;

const savedShape = z.object({
  version: z.literal(1),
  port: z.number().int().min(1).max(65_535).optional(),
  sessions: z.array(z.tuple([z.string(), z.string()])),
});

/**
 * The saved port, token and sessions of a bridge over HTTP, so that hosts find it after a restart. Readable by this
 * user alone.
 */
export interface HttpPlace {
  /** The port to listen on: the explicit one, else the last one, else 0 for any. */
  readonly port: number;
  keepPort(port: number): void;
  /** The file with the bearer token, created at the first start. */
  readonly tokenFile: string;
  readonly token: string;
  readonly sessions: SessionStore;
}

/** Each port has sessions of its own: two bridges of one server may run side by side. */
export function openHttpPlace(stateDirectory: string, fingerprint: string, wanted: number | undefined): HttpPlace {
  const folder = join(stateDirectory, 'bridge');
  const name = join(folder, fingerprint.replace(/[^\w-]/g, '_'));
  const file = `${name}.http.json`;
  const tokenFile = `${name}.http-token`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const last = readSaved(file);
  let port = wanted ?? last.port ?? 0;
  const fileOf = (of: number): string => `${name}.http-${of}.json`;
  const earlier = readSaved(fileOf(port)).sessions;
  // An earlier version kept the sessions of its one port beside the port.
  const sessions = new Map(earlier.length === 0 && last.port === port ? last.sessions : earlier);

  function save(): void {
    const kept = [...sessions].filter(([, initialize]) => initialize.length <= MAX_INITIALIZE);
    writeWhole(fileOf(port), JSON.stringify({ version: 1, port, sessions: kept }));
  }

  return {
    port,
    keepPort(chosen) {
      port = chosen;
      save();
      // An explicit port does not replace the saved one, which a bridge without a port uses.
      const replacesSaved = wanted === undefined || last.port === undefined;
      if (replacesSaved) writeWhole(file, JSON.stringify({ version: 1, port, sessions: [] }));
    },
    tokenFile,
    token: keptToken(tokenFile),
    sessions: {
      add(id, initialize) {
        sessions.set(id, JSON.stringify(initialize));
        const [oldest] = sessions.keys();
        if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest);
        save();
      },
      find: (id) => sessions.get(id),
      touch(id) {
        const initialize = sessions.get(id);
        if (initialize === undefined) return;
        sessions.delete(id);
        sessions.set(id, initialize); // moves it to the end: the map is ordered by last use
      },
      remove(id) {
        if (sessions.delete(id)) save();
      },
    },
  };
}

/** Creates the token atomically: two bridges that start at once share one token. */
function keptToken(file: string): string {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, randomBytes(TOKEN_BYTES).toString('base64url'), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const token = readFileSync(file, 'utf8').trim();
  if (token.length >= MIN_TOKEN) return token;
  throw new CliError(
    'token-weak',
    `The token in ${file} is so short that it can be guessed`,
    'Delete that file; the next start writes a new token.',
  );
}

/** An unreadable file counts as empty: hosts then open new sessions. */
function readSaved(file: string): z.infer<typeof savedShape> {
  try {
    const parsed = savedShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (parsed.success) return parsed.data;
  } catch {
    // The file is missing or truncated.
  }
  return { version: 1, sessions: [] };
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
