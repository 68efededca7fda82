// Replaces `fetch` in the bundled Yoga, which fetches its WebAssembly from a data: URL where it can.
export const noFetch = undefined;
