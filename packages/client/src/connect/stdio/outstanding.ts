import { type Asked, tidyMessage } from '../wire/tidy-message.ts';
import type { WireMessage } from '../wire/wire.ts';

/** Requests without a response. During the handshake they identify the request that an `id: null` response answers. */
export interface Outstanding {
  sent(message: WireMessage): void;
  /** The message, repaired for its readers. */
  received(message: WireMessage): WireMessage;
}

/** Only handshake requests: a later response with `id: null` may be about a message that the server could not read. */
function ifHandshake(asked: Asked | undefined): Asked | undefined {
  return asked !== undefined && ['server/discover', 'initialize'].includes(asked.method) ? asked : undefined;
}

export function createOutstanding(onDiscoverySilence: () => void = () => undefined): Outstanding {
  const asked = new Map<string | number, Asked>();
  const methods = (): readonly string[] => [...asked.values()].map(({ method }) => method);
  return {
    sent({ id, method }) {
      if (id !== undefined && method !== undefined) asked.set(id, { id, method });
    },
    received(message) {
      if (message.method !== undefined) return message;
      const { id } = message as { readonly id?: string | number | null };
      const isNameless = id === null || id === undefined;
      const [only] = asked.values();
      const request = isNameless ? (asked.size === 1 ? ifHandshake(only) : undefined) : asked.get(id);
      const tidied = tidyMessage(message, request) as WireMessage;
      if (tidied.id !== undefined) asked.delete(tidied.id);
      const isSilent = request?.method === 'initialize' && methods().includes('server/discover');
      if (isSilent && tidied.error === undefined) onDiscoverySilence();
      return tidied;
    },
  };
}
