import { expect, test } from 'vitest';
import type { LedgerEntry } from '../task/record.ts';
import { sampleRecord } from '../testing/sample-record.ts';
import { notOpenError } from './listed-question.ts';

const question = {
  method: 'elicitation/create',
  params: { mode: 'form', message: 'Approve?', requestedSchema: { type: 'object', properties: {} } },
};
const entry = (state: LedgerEntry['state']) => ({ state }) as LedgerEntry;
const textOf = ({ message, hint }: ReturnType<typeof notOpenError>) => ({ message, hint });

test('an error names the open questions, if there are any', () => {
  const asking = sampleRecord({
    id: 'k7f3q2',
    status: 'input_required',
    inputRequests: { region: question },
    ledger: { region: entry('open') },
  });
  expect(textOf(notOpenError(asking, 'approve'))).toEqual({
    message: 'Task k7f3q2 has no open question "approve"',
    hint: 'Open questions: region',
  });
  expect(textOf(notOpenError(sampleRecord({ id: 'k7f3q2' }), 'approve'))).toEqual({
    message: 'Task k7f3q2 has no open question "approve"',
    hint: undefined,
  });
});

test('the error for an answered question names its state', () => {
  const answered = sampleRecord({ id: 'k7f3q2', ledger: { approve: entry('acknowledged') } });
  expect(textOf(notOpenError(answered, 'approve')).message).toBe(
    'Question "approve" of task k7f3q2 was answered already',
  );
});
