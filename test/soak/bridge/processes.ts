import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Found {
  readonly pid: number;
  readonly kind: 'front' | 'keeper' | 'stdio server';
}

/** Processes started in a run's folder, by kind. */
export function processesOf(root: string): readonly Found[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): Found[] => {
      const kind = kindOf(name, root);
      return kind === undefined ? [] : [{ pid: Number(name), kind }];
    });
}

function kindOf(pid: string, root: string): Found['kind'] | undefined {
  try {
    if (readlinkSync(`/proc/${pid}/cwd`) !== root) return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (args.includes('__keep')) return 'keeper';
    if (args.includes('bridge')) return 'front';
    return args.includes('--stdio') ? 'stdio server' : undefined;
  } catch {
    return undefined; // the process ended meanwhile
  }
}
