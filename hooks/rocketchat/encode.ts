/** A message for Rocket.Chat: 5,000 characters unless the server was set otherwise; it finds mentions in code too. */
import type { Message } from 'drifttrail';
import { fenced } from '../_message/fenced.ts';

const MOST = 5000;

export interface RocketChatMessage {
  readonly text: string;
  /** No previews are fetched of addresses that somebody else wrote. */
  readonly parseUrls: false;
  readonly alias?: string;
  readonly channel?: string;
}

export function encode(
  message: Message,
  options: { readonly channel?: string | undefined; readonly alias?: string | undefined },
): RocketChatMessage {
  const { channel, alias } = options;
  return {
    text: fenced(message, MOST, /@/g),
    parseUrls: false,
    ...(alias === undefined ? {} : { alias }),
    ...(channel === undefined ? {} : { channel }),
  };
}
