import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy between one worker and the database, which the test can cut. */
export interface DatabaseProxy {
  readonly url: string;
  /** `silent`: drops everything without closing. `ended`: closes connections and refuses new ones. */
  cut(how: 'silent' | 'ended'): void;
  restore(): void;
  stop(): void;
}

export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let state: 'open' | 'silent' | 'ended' = 'open';

  function join(from: Socket, to: Socket): void {
    from.on('data', (data) => {
      if (state === 'open') to.write(data);
    });
    from.on('close', () => to.destroy());
    from.on('error', () => to.destroy());
  }

  const server = createServer((near) => {
    if (state === 'ended') return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    join(near, far);
    join(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const near = new URL(url);
  near.port = String((server.address() as AddressInfo).port);

  function endAll(): void {
    for (const socket of [...sockets]) socket.destroy();
  }

  return {
    url: near.href,
    cut(how) {
      state = how;
      if (how === 'ended') endAll();
    },
    restore() {
      // Bytes dropped on the way are missing on both sides: close the connections.
      if (state === 'silent') endAll();
      state = 'open';
    },
    stop() {
      server.close();
      endAll();
    },
  };
}
