import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** An import or re-export of values from another file; `import type` is none. */
const STATEMENT = /^(import|export) (?!type )(?:(\{[^}]*\})|[^'{};]*?(\{[^}]*\})?)\s*(?:from )?'([^']+)';/gm;
/** The name under which a re-export offers a whole file. */
const WHOLE_FILE = /^export \* as (\w+) /;

/**
 * The source files that these ones load before they can run. Of an index file only what is asked for counts: the rest
 * of it is shaken out of the bundle.
 */
export function staticNeeds(
  entries: readonly string[],
  aliases: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const { names, from } of statements(file)) {
      const target = from.startsWith('.') ? resolve(dirname(file), from) : aliases[from];
      if (target === undefined) continue;
      if (from.startsWith('.')) visit(target);
      else for (const name of names) visit(sourceOf(name, target));
    }
  };
  for (const entry of entries) visit(entry);
  return found;
}

function statements(file: string): readonly { readonly names: readonly string[]; readonly from: string }[] {
  return [...readFileSync(file, 'utf8').matchAll(STATEMENT)].flatMap(([text, , braces, others, from = '']) => {
    const list = braces ?? others ?? WHOLE_FILE.exec(text)?.[1];
    const names = (list ?? '')
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type '));
    return list !== undefined && names.length === 0 ? [] : [{ names, from }];
  });
}

/** The file behind an index file that has this name. */
function sourceOf(name: string, index: string): string {
  const [own = ''] = name.split(' as ');
  const statement = statements(index).find(({ names }) => names.some((each) => each.split(' as ').at(-1) === own));
  if (statement === undefined) throw new Error(`${index} does not export ${own}`);
  return resolve(dirname(index), statement.from);
}
