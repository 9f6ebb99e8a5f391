/** The VPCs that a gateway is attached to, by their id; past attachments stay listed for a while and are left out. */
import type { JsonObject } from 'drifttrail';
import { keyed, objectsOf } from '../document.ts';
import { isLeaving } from '../states.ts';

/** `settled` is how the attachment ends up: an internet gateway's as `available`, the others' as `attached`. */
export function gatewayAttachments(item: JsonObject, field: string, settled: 'available' | 'attached'): JsonObject {
  const standing = objectsOf(item, field).filter((attachment) => !isLeaving(attachment, 'state'));
  return keyed(
    standing.map((attachment) => (attachment.state === 'attaching' ? { ...attachment, state: settled } : attachment)),
    'vpcId',
  );
}
