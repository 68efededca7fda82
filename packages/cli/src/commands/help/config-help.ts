import { configPath } from '../../config-path.ts';
import type { Context } from '../../context.ts';
import { RECORD_COLUMNS } from '../../display/record-columns.ts';

export function configHelp(context: Pick<Context, 'env' | 'homeDirectory'>): string {
  return `Your own file, never a project's: ${configPath(context, 'config.json')}
JSON; comments are allowed, and every part may be left out. A flag beats the
environment, and the environment this file.

  {
    "aliases": {
      "shop": "https://tasks.shop.example/mcp",
      "everything": ["npx", "-y", "@modelcontextprotocol/server-everything"]
    },
    "columns": ["id", "status", "message"],
    "colors": "never",
    "keepOpen": true
  }

  aliases   names for targets: a text as it is typed, or a command as a list;
            an alias beats a name of the hosts' files
  columns   of list: ${RECORD_COLUMNS.join(', ')}
  colors    auto, always or never; NO_COLOR and FORCE_COLOR beat it
  keepOpen  the live view stays when everything has settled
`;
}
