// Replaces `fetch` in the bundled Yoga, which otherwise fetches its WebAssembly from a data: URL.
export const noFetch = undefined;
