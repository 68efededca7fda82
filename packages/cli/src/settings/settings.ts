/** Settings of a person. Each is optional. */
export interface Settings {
  /** Aliases: the words of a target, or the command of a stdio server. */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Columns of `list`. */
  readonly columns?: readonly string[] | undefined;
  /** @default 'auto' */
  readonly colors?: 'auto' | 'always' | 'never' | undefined;
  /** The live view stays open after all tasks have settled. @default false */
  readonly keepOpen?: boolean | undefined;
}
