import { CliError } from '../cli-error.ts';
import { own } from '../own.ts';

export interface Variables {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The directory of the project that a file belongs to, for `${workspaceFolder}`. */
  readonly directory: string;
  readonly homeDirectory: string;
}

const VARIABLE = /\$\{(?:(env|input):)?([\w.-]+)(?::-([^}]*))?\}/g;

/** `${NAME}`, `${NAME:-default}`, `${env:NAME}`, `${workspaceFolder}` and `${userHome}`, as the hosts read them. */
export function expandVariables(text: string, variables: Variables, where: string): string {
  return text.replace(VARIABLE, (_match, kind: string | undefined, name: string, fallback: string | undefined) => {
    if (kind === 'input') {
      const hint = 'Pass it yourself: with -H or --env.';
      throw new CliError('variable-not-set', `${where} asks its host for "${name}"`, hint);
    }
    if (kind === undefined && name === 'workspaceFolder') return variables.directory;
    if (kind === undefined && name === 'userHome') return variables.homeDirectory;
    const value = own(variables.env, name);
    if (value !== undefined && (value !== '' || fallback === undefined)) return value;
    if (fallback !== undefined) return fallback;
    throw new CliError('variable-not-set', `${where} needs the variable ${name}, which is not set`, `Set ${name}.`);
  });
}
