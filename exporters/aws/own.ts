/** What every account and region has of its own: ids that AWS gave, and moments at which things were made. */
import type { Json, Own, OwnToken, Ref } from 'drifttrail';

/** `sgr-0a1b2c3d4e5f60718`; IAM's `AROA…`. */
const EC2_ID = /(?<![\w-])(?<what>[a-z]{1,10}(?:-[a-z]{1,6})?)-[0-9a-f]{8,17}(?![\w-])/g;
const IAM_ID = /(?<!\w)(?<what>A(?:ROA|IDA|NPA|GPA|SIA|KIA|NVA|SCA))[A-Z0-9]{12,18}(?!\w)/g;

/** Of one kind of id nobody knows which is which: all of a kind read the same. */
export const own: Own = {
  tokens: ({ ref, config }: { readonly ref: Ref; readonly config: Json }): readonly OwnToken[] => {
    const text = JSON.stringify([ref.id, config]);
    return [EC2_ID, IAM_ID].flatMap((pattern) =>
      [...text.matchAll(pattern)].map((match) => ({ token: match[0], what: `${match.groups?.['what'] ?? ''} id` })),
    );
  },
  natural: () => [
    '/createDate',
    '/createTime',
    '/creationTime',
    '/creationTimestamp',
    '/startTime',
    '/attachments/*/attachTime',
    '/ownerId',
  ],
};
