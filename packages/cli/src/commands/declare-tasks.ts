import type { Command } from 'commander';
import { type Declaring, wordsOf } from '../program.ts';
import { examples, withCommonFlags, withConnectFlags } from './declare-flags.ts';
import type { HoldersFlags } from './holders/holders.ts';
import type { PruneFlags } from './prune/prune.ts';
import type { WaitFlags } from './wait/wait.ts';

const ID = 'the local id or the task id, or the beginning of one';

/** Commands that begin at a record. Each loads its code only when it is the one. */
export function declareTaskCommands(program: Command, declaring: Declaring): void {
  const { context } = declaring;

  withCommonFlags(program.command('list'))
    .description('tasks on record on this machine, open ones first; needs no network')
    .argument('[target]', 'only those of this server')
    .option('--all', 'also what settled more than a day ago')
    .addHelpText('after', examples('mcp-tasks list', 'mcp-tasks list https://example.com/mcp --all --json'))
    .action(async (text: string | undefined, flags) => {
      const { runList } = await import('./list/list.ts');
      declaring.finish(await runList(wordsOf(text, declaring), flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('get')))
    .description('one read of a task; ends with 0 when it could be read')
    .argument('[id]', ID)
    .addHelpText('after', examples('mcp-tasks get k7f3q2', 'mcp-tasks get k7f --json'))
    .action(async (id: string | undefined, flags) => {
      const { runGet } = await import('./get/get.ts');
      declaring.finish(await runGet(id, flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('result')))
    .description('the final result, from our record if it was seen before')
    .argument('[id]', ID)
    .addHelpText('after', examples('mcp-tasks result k7f3q2', 'mcp-tasks result k7f3q2 --json > result.json'))
    .action(async (id: string | undefined, flags) => {
      const { runResult } = await import('./result/result.ts');
      declaring.finish(await runResult(id, flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('wait')))
    .description('block until the tasks have settled')
    .argument('[id...]', ID)
    .option('--any', 'until one of them has')
    .option('--timeout <duration>', 'stop waiting after this long; the tasks go on')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .addHelpText('after', examples('mcp-tasks wait k7f3q2', 'mcp-tasks wait k7f3q2 m4pdx8 --any --timeout 1h'))
    .action(async (ids: readonly string[], flags: WaitFlags) => {
      const { runWait } = await import('./wait/wait.ts');
      declaring.finish(await runWait(ids, flags, context));
    });

  withConnectFlags(withCommonFlags(program.command('answer'), { json: false }))
    .description('answer a question, now or a day later, from any terminal')
    .argument('[id]', ID)
    .argument('[key]', 'which question, when there are several')
    .option('--accept [name=value...]', 'accept, with these fields')
    .option('--decline', 'decline')
    .option('--cancel', 'dismiss the question; not the task')
    .option('--again', 'also one that was answered before and is still listed')
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
      const { runAnswer } = await import('./answer/answer.ts');
      const { json, accept, ...flags } = raw;
      // `--json` alone takes no value: what follows it may well be the key.
      const isContent = typeof json === 'string' && /^\s*\{/.test(json);
      const shifted = typeof json === 'string' && !isContent ? json : undefined;
      const [first, second] = id === undefined ? [shifted, undefined] : [id, key ?? shifted];
      const content = isContent ? { content: json } : {};
      const accepted = accept === undefined ? {} : { accept: accept === true ? [] : accept };
      const all = { ...flags, ...content, ...accepted, json: json !== undefined };
      declaring.finish(await runAnswer(first, second, all, context));
    });

  withConnectFlags(withCommonFlags(program.command('cancel')))
    .description('ask the server to stop a task; it may still complete')
    .argument('[id]', ID)
    .addHelpText('after', examples('mcp-tasks cancel k7f3q2', 'mcp-tasks cancel'))
    .action(async (id: string | undefined, flags) => {
      const { runCancel } = await import('./cancel/cancel.ts');
      declaring.finish(await runCancel(id, flags, context));
    });

  withCommonFlags(program.command('forget'))
    .description('delete our record; the server is not told')
    .argument('[id...]', ID)
    .addHelpText('after', examples('mcp-tasks forget k7f3q2', 'mcp-tasks forget k7f3q2 m4pdx8'))
    .action(async (ids: readonly string[], flags) => {
      const { runForget } = await import('./forget/forget.ts');
      declaring.finish(await runForget(ids, flags, context));
    });

  withCommonFlags(program.command('prune'))
    .description('delete records that settled long ago')
    .option('--older-than <duration>', 'how long ago; 30d unless given')
    .addHelpText('after', examples('mcp-tasks prune', 'mcp-tasks prune --older-than 12h'))
    .action(async (flags: PruneFlags) => {
      const { runPrune } = await import('./prune/prune.ts');
      declaring.finish(await runPrune(flags, context));
    });

  withCommonFlags(program.command('holders').helpGroup('Servers:'))
    .description('background processes that keep servers over stdio running for detached calls')
    .option('--stop [pid]', 'end one, or all; tasks that live only in their server end with it')
    .addHelpText('after', examples('mcp-tasks holders', 'mcp-tasks holders --stop 4711', 'mcp-tasks holders --stop'))
    .action(async (flags: HoldersFlags) => {
      const { runHolders } = await import('./holders/holders.ts');
      declaring.finish(await runHolders(flags, context));
    });

  program.command('__hold', { hidden: true }).action(async () => {
    const { runHold } = await import('../keeper/run-keeper.ts');
    declaring.finish(await runHold(context));
  });

  program
    .command('completion')
    .helpGroup('Commands:')
    .description('completion for bash, zsh or fish, on standard output')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', examples('mcp-tasks completion bash >> ~/.bashrc', 'source <(mcp-tasks completion zsh)'))
    .action(async (shell: string) => {
      const { runCompletion } = await import('./completion/completion.ts');
      declaring.finish(runCompletion(shell, context));
    });
}

interface RawAnswerFlags {
  readonly json?: boolean | string;
  readonly accept?: true | readonly string[];
  readonly decline?: boolean;
  readonly cancel?: boolean;
  readonly again?: boolean;
}
