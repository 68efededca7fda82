/** The body as JSON, read from a copy, so that whoever gets the answer can read it too. Undefined when it is no JSON. */
export async function peekJson(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return undefined;
  }
}
