import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/free-port.ts';

/** The path of a server in this folder. */
export function caseFile(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Starts an HTTP server of this folder for one test; resolves to its origin when it listens. */
export async function startCase(name: string, ...args: readonly string[]): Promise<string> {
  const port = await freePort();
  const child = spawn(process.execPath, [caseFile(name), String(port), ...args], { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  while (!(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  return `http://127.0.0.1:${port}`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
