import type { Errand } from './errand.ts';
import { runBridge } from './run-bridge.ts';
import { runDecode } from './run-decode.ts';
import { runCreate, runHold } from './run-hold.ts';
import { runPoll } from './run-poll.ts';

const errand = JSON.parse(process.argv[2] ?? '') as Errand;

async function run(): Promise<object> {
  switch (errand.kind) {
    case 'poll':
      return runPoll(errand);
    case 'hold':
      return runHold(errand);
    case 'create':
      return runCreate(errand);
    case 'bridge':
      return runBridge(errand);
    case 'decode':
      return runDecode(errand);
  }
}

process.stdout.write(`${JSON.stringify(await run())}\n`, () => process.exit(0));
