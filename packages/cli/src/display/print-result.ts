import type { JsonObject } from '@mcp-tasks/client';
import type { Context } from '../context.ts';
import type { Printer } from './printer.ts';
import { renderResult, resultForTerminal } from './render-result.ts';

/** Prints a call's result on standard output: laid out on a terminal, its texts unchanged in a pipe. */
export function printResult(
  result: JsonObject,
  { printer, context }: { readonly printer: Printer; readonly context: Pick<Context, 'stdout'> },
  { raw = false }: { readonly raw?: boolean | undefined } = {},
): void {
  if (raw) printer.raw(renderResult(result, { raw }));
  else if (printer.isStyled) printer.styled(resultForTerminal(result));
  else printer.result(renderResult(result, { tabs: context.stdout.isTTY !== true }));
}
