import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid, platform } from 'node:process';

const createdHere = new Set<string>();

/** Host name and pid namespace: containers may share a host name. */
const machine = encodeURIComponent(`${hostname()}${pidNamespace()}`);

function pidNamespace(): string {
  if (platform !== 'linux') return '';
  try {
    return `/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** Distinguishes owners of this process from those of an earlier one with its pid. `node:crypto` would load slowly. */
function randomSuffix(): string {
  return Math.floor(Math.random() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
}

/**
 * A new lease owner of this process. Its name includes host and pid, so that other processes notice its death at once.
 */
export function processOwner(): string {
  const owner = `${machine}:${pid}:${randomSuffix()}`;
  createdHere.add(owner);
  return owner;
}

/** Pid of an owner on this machine; undefined for another machine, or a name of another form. */
function pidOnThisMachine(owner: string): number | undefined {
  const [where, who, ...rest] = owner.split(':');
  const ownerPid = Number(who);
  if (where !== machine || rest.length !== 1 || !Number.isSafeInteger(ownerPid) || ownerPid <= 0) return undefined;
  return ownerPid;
}

/** True if the owner's process is visible from this process. */
export function isOnThisMachine(owner: string): boolean {
  return pidOnThisMachine(owner) !== undefined;
}

/** True only if the owner's process ran on this host and is gone. */
export function isOwnerDead(owner: string): boolean {
  const ownerPid = pidOnThisMachine(owner);
  if (ownerPid === undefined) return false;
  // A restarted container reuses pids: an owner with this pid that was not made here belonged to an earlier process.
  if (ownerPid === pid) return !createdHere.has(owner);
  try {
    process.kill(ownerPid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
