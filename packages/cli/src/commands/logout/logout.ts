import { credentialsOf, forgetAllCredentials } from '../../auth/credentials.ts';
import { CliError } from '../../cli-error.ts';
import type { CommonFlags, Context } from '../../context.ts';
import { createPrinter } from '../../display/printer.ts';
import { safeText } from '../../display/safe-text.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { identifyTarget } from '../../targets/identify-target.ts';
import { resolveTarget, type TargetWords } from '../../targets/resolve-target.ts';

export interface LogoutFlags extends CommonFlags {
  readonly all?: boolean;
}

/** Deletes the sign-in data of a server from this machine. Records stay; the server is not notified. */
export async function runLogout(words: TargetWords, flags: LogoutFlags, context: Context): Promise<ExitCode> {
  const printer = createPrinter(context, flags);
  if (flags.all === true) {
    if (words.text !== undefined) throw new CliError('usage', `Give --all or ${words.text}, not both`);
    forgetAllCredentials(context);
    if (printer.json) printer.document({ deleted: 'all' });
    else printer.result('Signed out of every server.');
    return exitCodes.completed;
  }
  const resolved = await resolveTarget(words, {}, context);
  const { fingerprint, label } = identifyTarget(resolved);
  const deleted = credentialsOf(context, fingerprint).delete();
  if (printer.json) printer.document({ server: label, deleted });
  else printer.result(`${deleted ? 'Signed out of' : 'No tokens were saved for'} ${safeText(label)}.`);
  return exitCodes.completed;
}
