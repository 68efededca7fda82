import { onTestFinished } from 'vitest';
import { type Act, type FaultyOptions, type FaultyServer, startFaulty, type WireRequest } from './start-faulty.ts';

export { type Act, complete, type WireRequest, type WireStream } from './start-faulty.ts';

/** A faulty server that runs until the end of the test. */
export async function serveFaulty(
  script: (request: WireRequest) => Act | undefined | Promise<Act | undefined>,
  options: FaultyOptions = {},
): Promise<FaultyServer> {
  const server = await startFaulty(script, options);
  onTestFinished(() => server.stop());
  return server;
}
