import { Argument, type Command } from 'commander';
import { collect, examples, withCommonFlags, withStoreFlags } from '../declare-flags.ts';
import type { Declaring } from '../declaring.ts';

export function declareStore(program: Command, declaring: Declaring): void {
  const { context } = declaring;
  withStoreFlags(withCommonFlags(program.command('store')))
    .description('create or update the tables of a shared store')
    .addArgument(new Argument('<action>', 'migrate: connect as a role that may create a schema').choices(['migrate']))
    .option('--worker <role>', 'let this role work on tasks; may be repeated', collect)
    .option('--answerer <role>', 'let this role read, answer and cancel; may be repeated', collect)
    .addHelpText(
      'after',
      examples(
        'mcp-tasks store migrate --store postgres://owner@db.example/tasks',
        'mcp-tasks store migrate --worker fleet --answerer web',
      ),
    )
    .action(async (_action: string, flags) => {
      const { runMigrate } = await import('./migrate.ts');
      declaring.finish(await runMigrate(flags, context));
    });
}
