/** A message for Mattermost: 16,383 characters, and @channel, @here, @all and @everyone reach nobody. */
import type { Message } from 'drifttrail';
import { fenced } from '../_message/fenced.ts';

const MOST = 16_383;

export interface MattermostMessage {
  readonly text: string;
  readonly username?: string;
  readonly channel?: string;
}

export function encode(
  message: Message,
  options: { readonly channel?: string | undefined; readonly username?: string | undefined },
): MattermostMessage {
  const { channel, username } = options;
  return {
    text: fenced(message, MOST, /@(?=channel|here|all|everyone)/gi),
    ...(username === undefined ? {} : { username }),
    ...(channel === undefined ? {} : { channel }),
  };
}
