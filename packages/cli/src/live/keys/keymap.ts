import type { Model } from '../state/model.ts';
import type { Action, Binding, Place } from './binding.ts';
import { BINDINGS } from './bindings.ts';
import type { Key } from './key.ts';

/** Bindings that act now. */
export function bindingsFor(model: Model): readonly Binding[] {
  const place = placeOf(model);
  return BINDINGS.filter((binding) => binding.places.includes(place) && (binding.when?.(model) ?? true));
}

/** All bindings of the page, for the help; if two share a key, the one that acts now. */
export function helpFor(model: Model): readonly Binding[] {
  const place = placeOf({ ...model, overlay: null });
  const acting: readonly Action[] = [
    'answer',
    'answer-again',
    'adopt',
    'cancel',
    'detach',
    'forget',
    'new-call',
    'call-again',
    'mark',
  ];
  const works = ({ when }: Binding) => when?.(model) ?? true;
  const all = BINDINGS.filter((binding) => binding.places.includes(place) && binding.shown !== '')
    .filter((binding) => !model.readOnly || !acting.includes(binding.action))
    .filter((binding) => place !== 'fields' || works(binding));
  return all.filter((binding, at) => {
    const same = all.filter((other) => other.shown === binding.shown);
    return at === all.indexOf(same.find(works) ?? same[0] ?? binding);
  });
}

/** Bindings for results, which work on the page of a task but are listed in the help of the list. */
export function resultKeys(model: Model): readonly Binding[] {
  if (placeOf({ ...model, overlay: null }) !== 'list') return [];
  const actions: readonly Action[] = ['page-result', 'save-result'];
  return BINDINGS.filter(({ action }) => actions.includes(action));
}

export function actionFor(model: Model, key: Key): Action | undefined {
  const name = key.name === 'text' ? key.text : key.name;
  return bindingsFor(model).find((binding) => binding.keys.includes(name))?.action;
}

function placeOf(model: Model): Place {
  if (model.overlay !== null) return model.overlay.kind;
  switch (model.page.kind) {
    case 'list':
      return model.filtering ? 'filter' : 'list';
    case 'question':
    case 'call':
      return model.page.form.step;
    default:
      return model.page.kind;
  }
}
