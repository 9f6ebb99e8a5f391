/** Which words name one machine, and which everybody or nobody. */
import { isIP } from 'node:net';

export const notAddress = (name: string): boolean => isIP(name) === 0;

/** `localhost`, `ip6-allnodes` and the like, loopback, link-local, multicast, and addresses of all or none. */
export function isOneMachine(name: string): boolean {
  if (isIP(name) === 0) return !/^(localhost(\..*)?|ip6-\w+|broadcasthost|.*\.localdomain)$/i.test(name);
  return !/^(127\.|0\.|169\.254\.|2(2[4-9]|3\d)\.|255\.|::1?$|fe80:|ff)/i.test(name);
}
