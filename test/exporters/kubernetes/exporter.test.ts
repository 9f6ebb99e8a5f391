import { describe, expect, it } from 'vitest';
import { createKubernetesExporter } from '../../../exporters/kubernetes/index.ts';
import { conformance } from '../../../src/testing.ts';
import { recorded } from './recorded.ts';

const folder = new URL('../../fixtures/kubernetes/shop/', import.meta.url);

conformance(
  createKubernetesExporter(recorded),
  [{ name: 'a shop', folder, options: () => ({ name: 'prod', secrets: 'fingerprint', page: 2 }) }],
  { describe, it, expect },
);
