import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { createDemo } from './demo.ts';
import type { DemoOptions } from './options.ts';
import { createServerFactory } from './rev-2026-07-28/server.ts';

/** Serves one client over two streams, until the input ends. */
export async function serveDemoStdio(
  options: DemoOptions,
  stdin: NodeJS.ReadableStream,
  stdout: NodeJS.WritableStream,
): Promise<void> {
  const demo = createDemo(options, () => '');
  demo.engine.start();
  const ended = new Promise<void>((resolve) => {
    stdin.once('end', resolve);
    stdin.once('close', resolve);
  });
  const transport = new StdioServerTransport(stdin as Readable, stdout as Writable);
  const handle = serveStdio(createServerFactory(demo), { legacy: 'reject', transport });
  await ended;
  await handle.close();
  demo.engine.stop();
  demo.db.close();
}
