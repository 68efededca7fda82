/** What a person has set in a file of their own. Every part may be absent. */
export interface Settings {
  /** Names for targets: the words of a target, or the command of a server over stdio. */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** The columns of `list`. */
  readonly columns?: readonly string[] | undefined;
  /** @default 'auto' */
  readonly colors?: 'auto' | 'always' | 'never' | undefined;
  /** The live view stays when everything has settled. @default false */
  readonly keepOpen?: boolean | undefined;
}
