import { createScriptedConnection, fail } from '@mcp-tasks/client/testing';
import { expect, test } from 'vitest';
import { onRevisionRefused } from './revision-refused.ts';

const NEGOTIATED = { revision: '2025-11-25', capabilities: {} };

test.each([
  ['names other revisions', { supported: ['2026-07-28'] }, 1],
  ['names this revision too', { supported: ['2026-07-28', '2025-11-25'] }, 0],
  ['names no revision', undefined, 0],
])('a refusal that %s is reported this many times: %s', async (_, data, times) => {
  let reports = 0;
  const connection = onRevisionRefused(
    createScriptedConnection(NEGOTIATED, () => fail({ kind: 'rpc', code: -32_000, message: 'No', data })),
    () => {
      reports += 1;
    },
  );
  for (const method of ['tasks/get', 'ping']) await expect(connection.request(method, {})).rejects.toThrow('No');
  expect(reports).toBe(times);
  expect(connection.negotiated.revision).toBe('2025-11-25');
});
