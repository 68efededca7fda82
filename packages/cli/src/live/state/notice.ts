import type { Model, Notice } from './model.ts';

const SHOWN_MS = 8_000;

export function withNotice(model: Model, text: string, tone: Notice['tone'] = 'plain'): Model {
  return { ...model, notice: { text, tone, until: model.now + SHOWN_MS } };
}
