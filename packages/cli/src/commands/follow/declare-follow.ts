import type { Command } from 'commander';
import { collect, examples, TARGET, withCommonFlags, withConnectFlags } from '../declare-flags.ts';
import { type Declaring, wordsOf } from '../declaring.ts';
import type { FollowFlags } from './follow.ts';

export function declareFollow(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withConnectFlags(withCommonFlags(program.command('follow').helpGroup('Tasks:')))
    .description('follow a job, or an item of a board, that was started elsewhere')
    .argument('[target]', TARGET)
    .argument('[job]', 'the name of a job mapping, from jobs.json or bundled')
    .argument('[id]', 'the id of the job at the server; without it, the jobs are listed')
    .usage('[options] <target> [job] [id]\n       mcp-tasks follow [options] <job> <id> -- command args…')
    .option(
      '--arg <name=value>',
      'an argument that the tools of the job need besides the id; name:=JSON; may be repeated',
      collect,
    )
    .option('--suggest', 'print drafts of mappings, made from the names of the tools, to be saved in jobs.json')
    .option('--detach', 'do not wait: print the id and leave')
    .option('--timeout <duration>', 'stop waiting after this long, e.g. 10m; the job keeps running')
    .option('--keep-waiting', 'stay when only unanswered questions are left')
    .option('--jsonl', 'one JSON event per line')
    .option('--raw', 'print the texts of the result as the server sent them, control characters included')
    .addHelpText(
      'after',
      examples(
        'mcp-tasks follow ci build 42 --arg org_slug=acme --arg pipeline_slug=web',
        'mcp-tasks follow board item task-7 --detach',
        'mcp-tasks follow my-server --suggest > jobs.json',
      ),
    )
    .action(async (...words: [string | undefined, string | undefined, string | undefined, FollowFlags]) => {
      const flags = words[3];
      const given = words.slice(0, 3) as (string | undefined)[];
      const hasCommand = declaring.command !== undefined;
      const [text, job, id] = hasCommand ? [undefined, ...given] : given;
      const { runFollow } = await import('./follow.ts');
      declaring.finish(await runFollow(wordsOf(text, declaring), { job, id }, flags, context));
    });
}
