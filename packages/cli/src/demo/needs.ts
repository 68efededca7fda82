import type { Need } from './tool.ts';

/** Client capabilities that decide which questions the client can be asked. */
export interface AnswerCapabilities {
  readonly elicitation?: { readonly form?: unknown; readonly url?: unknown } | undefined;
  readonly sampling?: unknown;
  readonly roots?: unknown;
}

export function declaredNeeds(capabilities: AnswerCapabilities): readonly Need[] {
  const all: readonly Need[] = ['form', 'url', 'sampling', 'roots'];
  return all.filter((need) => Object.keys(missingCapabilities([need], capabilities)).length === 0);
}

/** Needs of a tool that the client did not declare, in the shape of `requiredCapabilities`. */
export function missingCapabilities(
  needs: readonly Need[],
  { elicitation, sampling, roots }: AnswerCapabilities,
): Readonly<Record<string, object>> {
  const missing: Record<string, object> = {};
  for (const need of needs) {
    // `elicitation: {}` means forms.
    if (
      need === 'form' &&
      (elicitation === undefined || (elicitation.url !== undefined && elicitation.form === undefined))
    ) {
      missing.elicitation = { form: {} };
    }
    if (need === 'url' && elicitation?.url === undefined) missing.elicitation = { url: {} };
    if (need === 'sampling' && sampling === undefined) missing.sampling = {};
    if (need === 'roots' && roots === undefined) missing.roots = {};
  }
  return missing;
}
