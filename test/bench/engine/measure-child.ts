import type { Measurement } from './measurement.ts';
import { runBridge } from './run-bridge.ts';
import { runDecode } from './run-decode.ts';
import { runCreate, runHold } from './run-hold.ts';
import { runPoll } from './run-poll.ts';

const measurement = JSON.parse(process.argv[2] ?? '') as Measurement;

async function run(): Promise<object> {
  switch (measurement.kind) {
    case 'poll':
      return runPoll(measurement);
    case 'hold':
      return runHold(measurement);
    case 'create':
      return runCreate(measurement);
    case 'bridge':
      return runBridge(measurement);
    case 'decode':
      return runDecode(measurement);
  }
}

process.stdout.write(`${JSON.stringify(await run())}\n`, () => process.exit(0));
