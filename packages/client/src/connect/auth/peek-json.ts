/** Reads the body as JSON from a copy, so that the response stays readable. Undefined if it is not JSON. */
export async function peekJson(response: Response): Promise<unknown> {
  try {
    return await response.clone().json();
  } catch {
    return undefined;
  }
}
