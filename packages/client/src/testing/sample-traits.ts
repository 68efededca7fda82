import type { ProtocolTraits } from '../task/traits.ts';

/** A protocol whose polls bring questions and results. */
export const LISTED: ProtocolTraits = {
  resultApart: false,
  questions: 'listed',
  answers: 'repeatable',
  pushWhileAsked: true,
  callsAsTask: false,
};

/** A protocol whose server asks by requests of its own, and whose result is fetched apart. */
export const REQUESTED: ProtocolTraits = { ...LISTED, resultApart: true, questions: 'requested', callsAsTask: true };
