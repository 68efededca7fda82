// Serves the demo from its source in a process of its own, for tests that kill it.
import { type DemoOptions, serveDemoHttp, serveDemoStdio } from '../../packages/cli/src/demo/index.ts';

const { stdio, ...options } = JSON.parse(process.argv[2] ?? '{}') as DemoOptions & { readonly stdio?: boolean };
if (stdio === true) {
  await serveDemoStdio(options, process.stdin, process.stdout);
} else {
  const { url } = await serveDemoHttp(options);
  process.stdout.write(`${url}\n`);
}
