import type { Act, Step } from './message.ts';
import type { Model } from './model.ts';
import { withNotice } from './notice.ts';
import { answerKey } from './questions.ts';

export function onActDone(model: Model, act: Act): Step<Model> {
  switch (act.kind) {
    case 'answer':
      return [{ ...model, answering: withoutValue(model.answering, answerKey(act.id, act.key)) }, []];
    case 'call':
      return [{ ...model, calling: model.calling - 1 }, []];
    case 'adopt':
      return [withNotice(model, 'Adopted: it is on record now, and followed like your own.'), []];
    case 'open-url':
      return [withNotice(model, 'Opened in the browser. Come back here to answer.'), []];
    default:
      return [model, []];
  }
}

/** Restores the state before the action: the typed text is still in its draft, the question still open. */
export function onActFailed(model: Model, act: Act, problem: string): Step<Model> {
  switch (act.kind) {
    case 'answer': {
      const answering = withoutValue(model.answering, answerKey(act.id, act.key));
      return [withNotice({ ...model, answering }, `Not answered: ${problem}`, 'bad'), []];
    }
    case 'cancel':
      return [
        withNotice(
          { ...model, cancelling: withoutValue(model.cancelling, act.id) },
          `Not cancelled: ${problem}`,
          'bad',
        ),
        [],
      ];
    case 'adopt':
      return [withNotice(model, `Not adopted: ${problem}`, 'bad'), []];
    case 'forget':
      return [withNotice(model, `Not forgotten: ${problem}`, 'bad'), []];
    case 'call':
      return [withNotice({ ...model, calling: model.calling - 1 }, `${act.tool}: ${problem}`, 'bad'), []];
    case 'open-url':
      return [withNotice(model, `Not opened: ${problem}`, 'bad'), []];
  }
}

function withoutValue(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return new Set([...set].filter((each) => each !== value));
}
