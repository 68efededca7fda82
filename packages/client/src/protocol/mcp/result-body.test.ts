import { expect, test } from 'vitest';
import { resultBody } from './result-body.ts';

test('a result has no fields of the wire format', () => {
  const content = [{ type: 'text', text: 'done' }];
  const related = { 'io.modelcontextprotocol/related-task': { taskId: 't1' } };
  expect(resultBody({ resultType: 'complete', content, _meta: related })).toEqual({ content });
  expect(resultBody({ content, _meta: { ...related, 'acme/cost': 3 } })).toEqual({
    content,
    _meta: { 'acme/cost': 3 },
  });
  expect(resultBody({ content, isError: true })).toEqual({ content, isError: true });
});
