import { expect, test } from 'vitest';
import type { Target } from '../task/record.ts';
import { connect } from './connect.ts';

test.each<unknown>(['https://example.com/mcp', { kind: 'http', url: 'https://example.com/mcp' }, {}])(
  'connecting to %o, which is no target, says what a target is',
  async (target) => {
    await expect(connect(target as Target)).rejects.toThrow("connect needs { kind: 'url', url } or { kind: 'command'");
  },
);
