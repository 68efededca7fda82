import { basename, sep } from 'node:path';
import { CliError } from '../cli-error.ts';

export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project directory of the file, for `${workspaceFolder}`. */
  readonly directory: string;
  readonly homeDirectory: string;
}

const VARIABLE = /\$\{(?:(env|input|command|config|file):)?([\w./-]+)(?::-([^}]*))?\}/g;

/** A text with its variables filled in, and the person's variables that were used. */
export interface Expanded {
  readonly text: string;
  readonly used: ReadonlyMap<string, string>;
}

/** Expands `${NAME}`, `${NAME:-default}`, `${env:NAME}`, `${workspaceFolder}` and `${userHome}`, as the hosts do. */
export function expandVariables(text: string, variables: Variables, where: string): Expanded {
  const used = new Map<string, string>();
  const expanded = text.replace(
    VARIABLE,
    (match, kind: string | undefined, name: string, fallback: string | undefined) => {
      if (kind !== undefined && kind !== 'env') throw hostOnlyVariable(where, kind === 'input' ? name : match);
      const place = kind === undefined ? placeOf(name, variables) : undefined;
      if (place !== undefined) return place;
      const value = variables.env[name];
      if (value !== undefined && (value !== '' || fallback === undefined)) {
        used.set(name, value);
        return value;
      }
      if (fallback !== undefined) return fallback;
      throw new CliError('variable-not-set', `${where} needs the variable ${name}, which is not set`, `Set ${name}.`);
    },
  );
  return { text: expanded, used };
}

function placeOf(name: string, { directory, homeDirectory }: Variables): string | undefined {
  if (name === 'workspaceFolder' || name === 'workspaceRoot') return directory;
  if (name === 'workspaceFolderBasename') return basename(directory);
  if (name === 'userHome') return homeDirectory;
  return name === 'pathSeparator' || name === '/' ? sep : undefined;
}

function hostOnlyVariable(where: string, name: string): CliError {
  return new CliError(
    'variable-not-set',
    `${where} asks its host for "${name}"`,
    'Pass it yourself: with -H or --env.',
  );
}

/** Names of the person's variables in a text. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].flatMap(([, kind, name = '']) => {
    const isPlace = kind === undefined && placeOf(name, { env: {}, directory: '/', homeDirectory: '/' }) !== undefined;
    return isPlace || (kind !== undefined && kind !== 'env') ? [] : [name];
  });
}

export function hasVariables(text: string): boolean {
  return text.search(VARIABLE) !== -1;
}
