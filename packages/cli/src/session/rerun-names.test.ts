import { expect, test } from 'vitest';
import { settled, task } from '../live/state/play.ts';
import { namesForRerun } from './rerun-names.ts';

const names = { key: 'deploy', labels: { team: 'blue' }, audience: ['ops'] };

test('a repeated call keeps labels and audience, and the key only if the old record has ended', () => {
  const kept = { rerunOf: 'a1', labels: names.labels, audience: names.audience };
  expect(namesForRerun(settled('a1', names))).toEqual({ ...kept, key: 'deploy', onExisting: 'refuse' });
  expect(namesForRerun(task('a1', names))).toEqual(kept);
  expect(namesForRerun(settled('a1'))).not.toHaveProperty('key');
  expect(namesForRerun(undefined)).toEqual({});
});
