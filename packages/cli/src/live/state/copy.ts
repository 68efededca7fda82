import { renderResult } from '../../display/render-result.ts';
import { safeText } from '../../display/safe-text.ts';
import type { Step } from './message.ts';
import type { Model } from './model.ts';
import { withNotice } from './notice.ts';
import { selectedRecord } from './selection.ts';

/** Maximum length to copy, in characters: terminals drop longer texts. */
const MAX_LENGTH = 70_000;

/** Copies the result on the page of a task that has one, else the id. */
export function copy(model: Model): Step<Model> {
  const record = selectedRecord(model);
  if (record === undefined) return [model, []];
  const result = model.page.kind === 'detail' ? record.outcome?.result : undefined;
  const text =
    result === undefined ? record.id : safeText(renderResult(result), { multiline: true, maxLength: MAX_LENGTH });
  const what = result === undefined ? record.id : `the result of ${record.id}`;
  return [withNotice(model, `Copied ${what}.`), [{ kind: 'copy', text }]];
}
