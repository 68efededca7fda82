/** Status for people; JSON has the protocol's spelling. */
export function statusWord(status: string): string {
  return status === 'input_required' ? 'needs input' : status;
}
