import { expect, test } from 'vitest';
import { columnsTable, table } from './table.ts';

test('a table can have 300,000 rows', async () => {
  const rows = Array.from({ length: 300_000 }, (_, at) => [`t${at}`, 'x']);
  expect((await table(['TASK', 'B'], rows)).split('\n')).toHaveLength(300_001);
  expect((await columnsTable(['TASK', 'B'], rows, [{}, { grows: true }], 80)).split('\n')).toHaveLength(300_001);
});
