import { Socket } from 'node:net';
import { aborted } from '../../aborted.ts';
import { CliError } from '../../cli-error.ts';
import type { Context } from '../../context.ts';
import { type DemoOptions, describeDemo, type RunningDemo, serveDemoHttp, serveDemoStdio } from '../../demo/index.ts';
import { createPrinter } from '../../display/printer.ts';
import { wordToPaste } from '../../display/quote-command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { DemoFlags } from './demo-flags.ts';
import { readDemoOptions, tasksDirectoryOf } from './read-demo-options.ts';

export async function runDemo(flags: DemoFlags, context: Context): Promise<ExitCode> {
  const options: DemoOptions = {
    ...readDemoOptions(flags),
    onTrouble: (trouble) =>
      context.stderr.write(
        trouble === undefined
          ? 'The store can be written again; tasks continue.\n'
          : `The store cannot be written: ${trouble}. Tasks are paused until it can.\n`,
      ),
  };
  const explain = (error: unknown): never => {
    throw startError(error, flags);
  };
  if (flags.stdio === true) {
    await serveDemoStdio(options, context.stdin, context.stdout, context.interrupt).catch(explain);
    return context.interrupt.aborted ? exitCodes.interrupted : exitCodes.completed;
  }
  const printer = createPrinter(context, flags);
  const running: RunningDemo = await serveDemoHttp(options).catch(explain);
  if (printer.json) printer.document({ url: running.url });
  else printer.result(running.url);
  printer.line(`\n${describeDemo(running.url, options)}`);
  await Promise.race([aborted(context.interrupt), inputEnded(context.stdin)]);
  await running.stop();
  printer.line(
    options.storeDirectory === undefined
      ? '\nStopped, and its tasks with it.'
      : `\nStopped. Its tasks go on with: mcp-tasks demo --tasks ${wordToPaste(options.storeDirectory)}`,
  );
  return context.interrupt.aborted ? exitCodes.interrupted : exitCodes.completed;
}

/**
 * Resolves at end of input of a pipe: the parent process has ended. A terminal is not read, which would stop a
 * background job; `/dev/null` ends immediately.
 */
function inputEnded(stdin: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    if (!(stdin instanceof Socket) || 'isTTY' in stdin) return;
    stdin.once('end', resolve).once('close', resolve).resume();
  });
}

function startError(error: unknown, flags: DemoFlags): unknown {
  const { port, host } = flags;
  const store = tasksDirectoryOf(flags);
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EADDRINUSE':
      return new CliError('port-taken', `Port ${port} is taken`, 'Leave --port out to get a free one.');
    case 'EACCES':
      if (store === undefined)
        return new CliError('port-refused', `This user may not listen on port ${port}`, 'Choose a higher one.');
      break;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new CliError(
        'host-unknown',
        `This machine has no address ${host}`,
        'Leave --host out to serve on 127.0.0.1.',
      );
  }
  if (store === undefined || code === undefined) return error;
  return new CliError(
    'store-unusable',
    `The demo cannot keep tasks in ${store}: ${message}`,
    'Name another directory.',
  );
}
