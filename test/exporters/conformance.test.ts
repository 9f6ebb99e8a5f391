import { describe, expect, it } from 'vitest';
import aws from '../../exporters/aws/index.ts';
import { conformance } from '../../src/testing.ts';

conformance(
  aws,
  [
    {
      name: 'network and identities',
      folder: new URL('../fixtures/aws/network-and-identities/', import.meta.url),
      options: (recording) => ({ regions: ['eu-west-1'], replay: recording }),
    },
  ],
  { describe, it, expect },
);
