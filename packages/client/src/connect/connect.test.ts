import { expect, test } from 'vitest';
import type { Target } from '../task/record.ts';
import { connect } from './connect.ts';

test.each<unknown>(['https://example.com/mcp', { kind: 'http', url: 'https://example.com/mcp' }, {}])(
  'connecting to %o, an invalid target, fails with an error that describes a target',
  async (target) => {
    await expect(connect(target as Target)).rejects.toThrow("connect needs { kind: 'url', url } or { kind: 'command'");
  },
);
