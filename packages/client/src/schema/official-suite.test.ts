import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject, type JsonValue } from '../task/json.ts';
import { checkSchema } from './check-schema.ts';

const folder = join(import.meta.dirname, '../../../../test/schema/suite');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

interface Group {
  readonly description: string;
  readonly schema: JsonValue;
  readonly tests: readonly { readonly description: string; readonly data: JsonValue; readonly valid: boolean }[];
}

/** Groups that need another document or every keyword's result. They are not validated and never refused. */
const LEFT_TO_THE_SERVER = [
  'validate definition against metaschema',
  "collect annotations inside a 'not', even if collection is disabled",
  'remote ref, containing refs itself',
  'ref creates new scope when adjacent to keywords',
];
/** Encoded labels are not decoded; their letters are not checked. */
const NOT_CHECKED = ['validation of A-label (punycode) host names'];

function groupsOf(file: string): readonly Group[] {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

function isUnexpected({ description, schema }: Group, data: JsonValue, valid: boolean): boolean {
  const { kind } = checkSchema(isJsonObject(schema) ? schema : { allOf: [schema] }, data);
  if (kind === (valid ? 'fits' : 'misfits')) return false;
  if (kind === 'unchecked') return !LEFT_TO_THE_SERVER.includes(description);
  return valid || !NOT_CHECKED.includes(description);
}

test.each(files)('%s is judged as the official suite judges it', (file) => {
  const unexpected = groupsOf(file).flatMap((group) =>
    group.tests
      .filter(({ data, valid }) => isUnexpected(group, data, valid))
      .map((each) => `${group.description}: ${each.description}`),
  );
  expect(unexpected).toEqual([]);
});

test('the official suite has more than 1,500 cases', () => {
  expect(files.flatMap(groupsOf).flatMap(({ tests }) => tests).length).toBeGreaterThan(1_500);
});
