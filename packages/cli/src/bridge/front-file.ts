import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '@mcp-tasks/client';
import { isProcess } from '../keeper/is-process.ts';

/** A running front, as its file describes it. */
export interface FrontNote {
  readonly pid: number;
  readonly startedAt: number;
  /** The bridged server, for people. */
  readonly server: string;
  readonly fingerprint: string;
  /** The address of a front over HTTP; `null` over stdio. */
  readonly url: string | null;
  /** `clientInfo.name` of each host seen so far. */
  readonly hosts: readonly string[];
  /** Calls that a host waits for now. */
  readonly held: number;
}

/** The file of this front, for `bridge status` and `doctor`. It outlives a front that was killed. */
export interface FrontFile {
  /** The front over HTTP listens. */
  listensAt(url: string): void;
  sawHost(name: string): void;
  /** A call is held until the returned function is called. */
  hold(): () => void;
  close(): void;
}

/** Limit of remembered host names. */
const MAX_HOSTS = 20;

function folderIn(stateDirectory: string): string {
  return join(stateDirectory, 'bridge', 'fronts');
}

export function createFrontFile(stateDirectory: string, front: Omit<FrontNote, 'url' | 'hosts' | 'held'>): FrontFile {
  const folder = folderIn(stateDirectory);
  const file = join(folder, `${front.pid}.json`);
  let note: FrontNote = { ...front, url: null, hosts: [], held: 0 };

  function write(next: FrontNote): void {
    note = next;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify({ version: 1, ...note }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // The disk is full: the front is not listed, but still serves its hosts.
    }
  }

  write(note);
  return {
    listensAt: (url) => write({ ...note, url }),
    sawHost(name) {
      if (name === '' || note.hosts.includes(name)) return;
      write({ ...note, hosts: [...note.hosts, name].slice(-MAX_HOSTS) });
    },
    hold() {
      write({ ...note, held: note.held + 1 });
      return () => write({ ...note, held: note.held - 1 });
    },
    close: () => rmSync(file, { force: true }),
  };
}

/** All running fronts, the oldest first. Files of fronts that were killed are deleted. */
export function readFronts(stateDirectory: string): readonly FrontNote[] {
  const folder = folderIn(stateDirectory);
  const files = namesIn(folder).filter((name) => name.endsWith('.json'));
  const notes = files.flatMap((name) => {
    const note = readNote(join(folder, name));
    if (note === undefined) return [];
    if (isProcess(note.pid)) return [note];
    rmSync(join(folder, name), { force: true });
    return [];
  });
  return notes.sort((a, b) => a.startedAt - b.startedAt);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no bridge has run
  }
}

/** `undefined` when the file is unreadable, or its front ended meanwhile. */
function readNote(file: string): FrontNote | undefined {
  try {
    const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isJsonObject(saved) || saved.version !== 1) return undefined;
    const { pid, startedAt, server, fingerprint, url, hosts, held } = saved;
    const isSound =
      [pid, startedAt, held].every((each) => typeof each === 'number') &&
      [server, fingerprint].every((each) => typeof each === 'string') &&
      (url === null || typeof url === 'string') &&
      Array.isArray(hosts) &&
      hosts.every((each) => typeof each === 'string');
    return isSound ? ({ pid, startedAt, server, fingerprint, url, hosts, held } as FrontNote) : undefined;
  } catch {
    return undefined;
  }
}
