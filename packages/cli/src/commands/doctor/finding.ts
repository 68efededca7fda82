/** Result of one check of `doctor`. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'missing' | 'failed';
  readonly detail: string;
  readonly hint?: string | undefined;
}
