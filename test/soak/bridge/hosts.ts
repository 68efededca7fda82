import { type ChildProcess, fork } from 'node:child_process';
import type { Chance } from '../chance.ts';
import { type BridgeCall, type FromHost, HOST, type HostSetup } from './host-setup.ts';

interface Host {
  readonly name: string;
  child: ChildProcess | undefined;
  /** Calls under way, repeated after a kill. */
  readonly open: Map<string, BridgeCall>;
}

/** The host processes. A killed one is restarted and repeats its open calls. */
export interface Hosts {
  readonly crashes: readonly string[];
  readonly open: number;
  give(planned: BridgeCall, host: number): void;
  killOne(): boolean;
  end(): Promise<void>;
}

export function createHosts(setups: readonly HostSetup[], chance: Chance): Hosts {
  const crashes: string[] = [];
  const killed = new Set<ChildProcess>();
  let isEnding = false;
  const hosts = setups.map(({ name }): Host => ({ name, child: undefined, open: new Map() }));

  function start(host: Host, setup: HostSetup): void {
    const child = fork(HOST, [JSON.stringify(setup)], {
      cwd: setup.root,
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    host.child = child;
    child.on('message', (message: FromHost) => {
      if (message.kind === 'done') host.open.delete(message.nonce);
      else for (const planned of host.open.values()) send(child, planned);
    });
    child.once('exit', (code, signal) => {
      host.child = undefined;
      if (isEnding) return;
      if (!killed.delete(child)) crashes.push(`${host.name} ended with ${code ?? signal}`);
      setTimeout(() => !isEnding && start(host, setup), chance.between(100, 1500));
    });
  }

  hosts.forEach((host, index) => {
    const setup = setups[index];
    if (setup !== undefined) start(host, setup);
  });
  return {
    crashes,
    get open() {
      return hosts.reduce((all, { open }) => all + open.size, 0);
    },
    give(planned, index) {
      const host = hosts[index];
      if (host === undefined) return;
      host.open.set(planned.nonce, planned);
      if (host.child?.connected === true) send(host.child, planned);
    },
    killOne() {
      const { child } = chance.oneOf(hosts);
      if (child === undefined) return false;
      killed.add(child);
      return child.kill('SIGKILL');
    },
    async end() {
      isEnding = true;
      const children = hosts.flatMap(({ child }) => child ?? []);
      await Promise.all(
        children.map((child) => {
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          return ended;
        }),
      );
    },
  };
}

function send(child: ChildProcess, planned: BridgeCall): void {
  child.send({ kind: 'do', planned }, () => undefined);
}
