/** What the doctor has found out about one thing. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'missing' | 'failed';
  readonly detail: string;
  readonly hint?: string | undefined;
}
