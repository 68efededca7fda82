import { dialect } from '../../../packages/client/src/protocol/mcp-2026-07-28/dialect.ts';
import type { DecodeFigures, DecodeMeasurement } from './measurement.ts';
import { percentile } from './meters.ts';

function completedTask(megabytes: number): string {
  const rows: object[] = [];
  const row = (n: number) => ({
    id: n,
    name: `row ${n}`,
    price: n / 100,
    tags: ['new', 'sold'],
    note: 'é '.repeat(20),
  });
  const bytesOfRow = Buffer.byteLength(JSON.stringify(row(10_000)));
  for (let n = 0; n * bytesOfRow < megabytes * 1e6; n += 1) rows.push(row(n));
  const result = { content: [{ type: 'text', text: 'Rows.' }], structuredContent: { rows } };
  const at = '2026-07-28T00:00:00Z';
  const times = { createdAt: at, lastUpdatedAt: at, ttlMs: null };
  return JSON.stringify({ resultType: 'complete', taskId: 'large', status: 'completed', ...times, result });
}

const ref = { id: 'a1', taskId: 'large', arguments: {}, answers: [] };

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

export function runDecode({ megabytes, rounds }: DecodeMeasurement): DecodeFigures {
  const text = completedTask(megabytes);
  const parse: number[] = [];
  const both: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const parsed = timeOf(() => JSON.parse(text));
    const decoded = timeOf(() => dialect.decodeTask(JSON.parse(text), ref));
    if (round > 0) {
      parse.push(parsed);
      both.push(decoded);
    }
  }
  const parseMs = percentile(parse, 0.5);
  return { parseMs, overParse: percentile(both, 0.5) / parseMs };
}
