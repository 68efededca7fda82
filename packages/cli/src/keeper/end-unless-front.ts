export interface IdleKeeper {
  /** Acquires the lock around listening at the socket. */
  readonly acquire: () => Promise<void>;
  readonly release: () => void;
  readonly removeFile: () => Promise<void>;
  readonly writeFile: () => Promise<void>;
  readonly countFronts: () => number;
  /** Stops listening at once. */
  readonly end: () => Promise<void> | undefined;
}

/** Ends an idle keeper. A front that connects while the lock is awaited keeps it: its call would be cut off. */
export async function endUnlessFront(keeper: IdleKeeper): Promise<void> {
  await keeper.acquire();
  await keeper.removeFile();
  if (keeper.countFronts() === 0) return keeper.end();
  await keeper.writeFile().catch(() => undefined); // the folder was deleted
  keeper.release();
}
