/** A status as a person reads it; JSON has it as the protocol spells it. */
export function statusWord(status: string): string {
  return status === 'input_required' ? 'needs input' : status;
}
