import type { ProtocolTraits } from '../task/traits.ts';

/** A protocol whose polls return questions and results. */
export const LISTED: ProtocolTraits = {
  resultApart: false,
  questions: 'listed',
  answers: 'repeatable',
  pushWhileAsked: true,
  callsAsTask: false,
};

/** A protocol whose server sends questions as requests, and whose result needs a request of its own. */
export const REQUESTED: ProtocolTraits = { ...LISTED, resultApart: true, questions: 'requested', callsAsTask: true };
