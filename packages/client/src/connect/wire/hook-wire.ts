import type { Wire, WireMessage } from './wire.ts';

/** Callbacks of a channel, which run before those of the client that owns the wire. */
export interface WireHooks {
  /** True if the message is the channel's: the client does not get it. */
  readonly handles: (message: WireMessage) => boolean;
  readonly onLost: NonNullable<Wire['onlost']>;
  /** @default only the client's callback runs */
  readonly onError: (() => void) | undefined;
  readonly onClose: () => void;
}

/** Puts hooks before the callbacks of the client that owns the wire. Returns a function that passes all messages on. */
export function hookWire(wire: Wire, { handles, onLost, onError, onClose }: WireHooks): () => void {
  const { onmessage, onclose, onerror } = wire;
  const receive: NonNullable<Wire['onmessage']> = (message, extra) => {
    if (!handles(message)) onmessage?.call(wire, message, extra);
  };
  wire.onmessage = receive;
  wire.onlost = onLost;
  if (onError !== undefined) {
    wire.onerror = (error) => {
      onError();
      onerror?.call(wire, error);
    };
  }
  wire.onclose = () => {
    onClose();
    onclose?.call(wire);
  };
  return () => {
    // Code that wrapped the wire later still calls `receive`, which then passes every message on.
    if (wire.onmessage === receive) wire.onmessage = onmessage;
  };
}
