import { isFound } from './audit.ts';
import { hasFound, renderBridgeReport } from './bridge/bridge-report.ts';
import { runBridgeSoak } from './bridge/run-bridge-soak.ts';
import { readOptions } from './options.ts';
import { renderReport } from './report.ts';
import { runSoak } from './run-soak.ts';

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n`);
  process.exit(2);
}
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
const log = (line: string): void => void process.stderr.write(`${line}\n`);
if (options.bridge) {
  const figures = await runBridgeSoak(options, { log, signal: interrupt.signal });
  if (figures === undefined) process.exit(130);
  process.stdout.write(`${renderBridgeReport(figures)}\n`);
  process.exit(hasFound(figures) ? 1 : 0);
}
const figures = await runSoak(options, { log, signal: interrupt.signal });
if (figures === undefined) process.exit(130);
process.stdout.write(`${renderReport(figures)}\n`);
process.exit(isFound(figures.findings) ? 1 : 0);
