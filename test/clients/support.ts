import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { BIN, type Bridged, processesWith } from '../bridge/support.ts';
import { type ClientCall, mcpcSession, type RealClient } from './real-clients.ts';

export * from '../bridge/support.ts';

export interface ClientRun {
  readonly code: number | null;
  /** Both streams of the calling program. */
  readonly output: string;
}

export interface StartedClient {
  readonly done: Promise<ClientRun>;
  /** Kills (-9) the client and its background process. */
  kill(): void;
}

/** The command of a bridge for the bridged server, as in a host's configuration. */
export function bridgeCommand({ home, target }: Bridged, ...flags: readonly string[]): readonly string[] {
  return [process.execPath, BIN, 'bridge', '--home', join(home, 'state'), ...flags, ...target];
}

function startProgram(client: RealClient, args: readonly string[], folder: string) {
  const child: ChildProcess = spawn(client.node, args, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder, MCPC_HOME_DIR: join(folder, 'mcpc'), LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  // Not `close`: a background process of the client may hold the pipes open.
  const done = new Promise<ClientRun>((resolve) => {
    child.on('exit', (code) => setImmediate(() => resolve({ code, output })));
  });
  return { child, done };
}

const STARTS = 5;

/** mcpc connects first, with a timeout of a few seconds: retry on a busy machine. */
async function prepare(client: RealClient, call: ClientCall, folder: string): Promise<readonly string[]> {
  const programs = [...client.programs(call, folder)];
  const calling = programs.pop() ?? [];
  for (const args of programs)
    for (let start = 0; start < STARTS && (await startProgram(client, args, folder).done).code !== 0; start += 1);
  return calling;
}

/** Starts a client with this call in its own home. */
export async function startClient(client: RealClient, call: ClientCall, folder: string): Promise<StartedClient> {
  const { child, done } = startProgram(client, await prepare(client, call, folder), folder);
  return {
    done,
    kill() {
      child.kill('SIGKILL');
      endBackground(folder);
    },
  };
}

/** Kills the background process of mcpc, which outlives its command. */
export function endBackground(folder: string): void {
  for (const pid of processesWith(`bridge/index.js ${mcpcSession(folder)} `)) process.kill(pid, 'SIGKILL');
}

export async function runClient(client: RealClient, call: ClientCall, folder: string): Promise<ClientRun> {
  return (await startClient(client, call, folder)).done;
}

/** Runs several clients of one kind at the same instant. */
export async function runTogether(
  client: RealClient,
  call: ClientCall,
  folders: readonly string[],
): Promise<readonly ClientRun[]> {
  const prepared = await Promise.all(folders.map((folder) => prepare(client, call, folder)));
  return Promise.all(prepared.map((args, index) => startProgram(client, args, folders[index] ?? '').done));
}

/** The task id in a NOT FINISHED reply, in any client's output. */
export function idInOutput(output: string): string | undefined {
  return /\{\\*"id\\*":\\*"(\w+)\\*"\}/.exec(output)?.[1];
}
