import type { CommonFlags } from '../../context.ts';

export interface DemoFlags extends CommonFlags {
  readonly stdio?: boolean;
  readonly port?: string;
  readonly host?: string;
  readonly token?: string;
  readonly tasks?: string;
  /** The earlier name of `tasks`. */
  readonly store?: string;
  readonly speed?: string;
  readonly chaos?: string;
  readonly revision?: string;
  readonly conformance?: boolean;
}
