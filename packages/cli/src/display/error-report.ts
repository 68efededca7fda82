import { ConnectionFailure, type JsonValue, type ProtocolError, TaskError } from '@mcp-tasks/client';
import { CliError } from '../cli-error.ts';
import type { CommonFlags, Context } from '../context.ts';
import { type ExitCode, exitCodeOfError } from '../exit-codes.ts';
import { errorDetails } from './error-details.ts';
import { jsonText } from './json-text.ts';
import { safeText } from './safe-text.ts';

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

const codeOfFailure = {
  rpc: 'rpc-error',
  http: 'unreachable',
  auth: 'auth-required',
  'session-gone': 'unreachable',
  transport: 'unreachable',
  timeout: 'unreachable',
  aborted: 'aborted',
  invalid: 'invalid-response',
} as const;

const VERBOSE_HINT = 'Add --verbose to see where it happened.';

/** Data of the JSON-RPC error in the error's cause chain. */
function dataInCauses(error: unknown): JsonValue | undefined {
  for (let at = error; at !== undefined && at !== null; at = (at as { readonly cause?: unknown }).cause) {
    if (at instanceof ConnectionFailure) return at.failure.kind === 'rpc' ? at.failure.data : undefined;
    if (!(at instanceof Error)) return (at as ProtocolError).data;
  }
  return undefined;
}

export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError || error instanceof TaskError) {
    return { code: error.code, message: error.message, hint: error.hint ?? null };
  }
  if (error instanceof ConnectionFailure) {
    return { code: codeOfFailure[error.failure.kind], message: error.failure.message, hint: null };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    hint: VERBOSE_HINT,
  };
}

/** Prints one line and a hint, or one JSON document; the stack only with `--verbose`. */
export function printError(error: unknown, context: Context, flags: CommonFlags): ExitCode {
  const report = reportOf(error);
  if (flags.json === true) context.stderr.write(`${jsonText({ error: report })}\n`);
  else {
    // An interrupt is no error.
    const prefix = report.code === 'aborted' ? '' : 'error: ';
    context.stderr.write(`${prefix}${safeText(report.message, { maxLength: 2_000 })}\n`);
    if (report.hint !== null) {
      context.stderr.write(`${safeText(report.hint, { maxLength: 10_000, multiline: true })}\n`);
    }
    for (const line of errorDetails(dataInCauses(error))) context.stderr.write(`${line}\n`);
  }
  if (flags.verbose === true) context.stderr.write(`${stackOf(error)}\n`);
  return exitCodeOfError(report.code);
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return safeText(`${error.stack ?? error.message}${cause}`, { multiline: true, maxLength: 20_000 });
}
