import { expect, test } from 'vitest';
import { readJson } from './read-json.ts';

const LONG = '1234567890123456789';
const lost = { 'mcp-tasks/lost-digits': LONG };

test('a result with a number that lost digits is marked, and keeps its other fields', () => {
  const text = `{"id":1,"result":{"content":[],"structuredContent":{"id":${LONG}},"_meta":{"a":1}}}`;
  expect(readJson(text)).toMatchObject({ result: { content: [], _meta: { a: 1, ...lost } } });
});

test.each([
  [`{"id":1,"result":{"taskId":"t1","result":{"content":[],"structuredContent":{"id":${LONG}}}}}`, 'result'],
  [`{"method":"notifications/tasks","params":{"taskId":"t1","result":{"content":[${LONG}]}}}`, 'params'],
])('the result inside a task is marked, too: %s', (text, where) => {
  expect(readJson(text)).toMatchObject({ [where]: { taskId: 't1', result: { _meta: lost } } });
});

test.each([
  '{"id":1,"result":{"content":[{"type":"text","text":"1234567890123456789"}]}}',
  `{"id":1,"result":{"tools":[{"name":"a","maximum":${LONG}}]}}`,
  `{"id":1,"error":{"code":1,"message":"no","data":${LONG}}}`,
  '[1,null]',
])('everything else is parsed unchanged: %s', (text) => {
  expect(readJson(text)).toEqual(JSON.parse(text));
});
