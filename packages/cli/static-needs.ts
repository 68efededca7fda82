import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** An import or re-export of values; `import type` does not match. */
const STATEMENT = /^(import|export) (?!type )(?:(\{[^}]*\})|[^'{};]*?(\{[^}]*\})?)\s*(?:from )?'([^']+)';/gm;
/** Captures the name of `export * as name`. */
const WHOLE_FILE = /^export \* as (\w+) /;

/**
 * The static imports of these source files, with theirs. Of an index file only the imported names count: the bundler
 * removes the rest.
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

/** The file from which the index re-exports this name. */
function sourceOf(name: string, index: string): string {
  const [own = ''] = name.split(' as ');
  const statement = statements(index).find(({ names }) => names.some((each) => each.split(' as ').at(-1) === own));
  if (statement === undefined) throw new Error(`${index} does not export ${own}`);
  return resolve(dirname(index), statement.from);
}
