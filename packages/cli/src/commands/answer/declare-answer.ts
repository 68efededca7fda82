import type { Command } from 'commander';
import { examples, ID, withCommonFlags, withConnectFlags, withPersonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareAnswer(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withPersonFlags(withStoreFlags(withConnectFlags(withCommonFlags(program.command('answer'), { json: false }))))
    .description('answer a question, now or a day later, from any terminal')
    .argument('[id]', ID)
    .argument('[key]', 'which question, when there are several')
    .option('--accept [name=value...]', 'accept, with these fields')
    .option('--decline', 'decline')
    .option('--cancel', 'dismiss the question; the task is not cancelled')
    .option('--question <digest>', 'only this question, by its digest in questionDigests of get --json')
    .option('--again', 'answer again a question that the server still lists')
    .option('--json [json]', 'the answer as JSON; in any case one JSON document on standard output')
    .addHelpText(
      'after',
      examples(
        'mcp-tasks answer k7f3q2',
        'mcp-tasks answer k7f3q2 approval --accept approve=true note="looks good"',
        'mcp-tasks answer k7f3q2 --decline',
        `mcp-tasks answer k7f3q2 --json '{"approve": true}'`,
      ),
    )
    .action(async (id: string | undefined, key: string | undefined, raw: RawAnswerFlags) => {
      const { runAnswer } = await import('./answer.ts');
      const { json, accept, ...flags } = raw;
      // `--json` takes an optional value: the word after it may be the id or the key, if one is missing.
      const isContent = typeof json === 'string' && (key !== undefined || /^\s*\{/.test(json));
      const shifted = typeof json === 'string' && !isContent ? json : undefined;
      const [first, second] = id === undefined ? [shifted, undefined] : [id, key ?? shifted];
      const content = isContent ? { content: json } : {};
      const accepted = accept === undefined ? {} : { accept: accept === true ? [] : accept };
      const all = { ...flags, ...content, ...accepted, json: json !== undefined };
      declaring.finish(await runAnswer(first, second, all, context));
    });
}

interface RawAnswerFlags {
  readonly json?: boolean | string;
  readonly accept?: true | readonly string[];
  readonly decline?: boolean;
  readonly cancel?: boolean;
  readonly again?: boolean;
  readonly question?: string;
}
