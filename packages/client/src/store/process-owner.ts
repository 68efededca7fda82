import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid, platform } from 'node:process';

const ours = new Set<string>();

/** The host, and where containers share a host name, the space in which a pid means something. */
const place = encodeURIComponent(`${hostname()}${pidSpace()}`);

function pidSpace(): string {
  if (platform !== 'linux') return '';
  try {
    return `/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return '';
  }
}

/** A new lease owner of this process. It says where and who it is, so that others see at once when it has died. */
export function processOwner(): string {
  const owner = `${place}:${pid}:${randomBytes(6).toString('hex')}`;
  ours.add(owner);
  return owner;
}

/** The process id of an owner of this machine; undefined for what lives elsewhere, or where nobody can tell. */
function pidHere(owner: string): number | undefined {
  const [where, who, ...rest] = owner.split(':');
  const process_ = Number(who);
  if (where !== place || rest.length !== 1 || !Number.isSafeInteger(process_) || process_ <= 0) return undefined;
  return process_;
}

/** True when its process can be looked at from here. */
export function isOnThisMachine(owner: string): boolean {
  return pidHere(owner) !== undefined;
}

/** True only when this owner can never come back: it lived on this host and its process is gone. */
export function isOwnerDead(owner: string): boolean {
  const process_ = pidHere(owner);
  if (process_ === undefined) return false;
  // A restarted container gives the same pid again: what was not made here belonged to the one before.
  if (process_ === pid) return !ours.has(owner);
  try {
    process.kill(process_, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
