import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { BIN, type Bridged, processesWith } from '../bridge/support.ts';
import { type ClientCall, mcpcSession, type RealClient } from './real-clients.ts';

export * from '../bridge/support.ts';

export interface ClientRun {
  readonly code: number | null;
  /** Of the program that calls, both streams. */
  readonly output: string;
}

export interface StartedClient {
  readonly done: Promise<ClientRun>;
  /** Kill -9 of the client, and of a background process it has for its servers. */
  kill(): void;
}

/** The command of a bridge in front of the bridged server, as a host's configuration has it. */
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

/** mcpc connects first, and waits only a few seconds for that: on a busy machine it takes several starts. */
async function prepare(client: RealClient, call: ClientCall, folder: string): Promise<readonly string[]> {
  const programs = [...client.programs(call, folder)];
  const calling = programs.pop() ?? [];
  for (const args of programs)
    for (let start = 0; start < STARTS && (await startProgram(client, args, folder).done).code !== 0; start += 1);
  return calling;
}

/** Starts a client with this call, in a home of its own. */
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

/** mcpc keeps its servers in a process of its own, which outlives its command. */
export function endBackground(folder: string): void {
  for (const pid of processesWith(`bridge/index.js ${mcpcSession(folder)} `)) process.kill(pid, 'SIGKILL');
}

export async function runClient(client: RealClient, call: ClientCall, folder: string): Promise<ClientRun> {
  return (await startClient(client, call, folder)).done;
}

/** Several of one kind, which call in the same instant. */
export async function runTogether(
  client: RealClient,
  call: ClientCall,
  folders: readonly string[],
): Promise<readonly ClientRun[]> {
  const prepared = await Promise.all(folders.map((folder) => prepare(client, call, folder)));
  return Promise.all(prepared.map((args, index) => startProgram(client, args, folders[index] ?? '').done));
}

/** The id in an answer that says how to go on, however the client prints it. */
export function idInOutput(output: string): string | undefined {
  return /\{\\*"id\\*":\\*"(\w+)\\*"\}/.exec(output)?.[1];
}
