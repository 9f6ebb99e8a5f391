/** A node is a machine: it may be read as a host, or nobody reads it. */
import { isObject, type Json, type Sight, valueAt } from 'drifttrail';

const ADDRESSES = [
  '/metadata/labels/kubernetes.io~1hostname',
  '/metadata/annotations/alpha.kubernetes.io~1provided-node-ip',
  '/metadata/annotations/k3s.io~1internal-ip',
  '/metadata/annotations/projectcalico.org~1IPv4Address',
];

/** `spec.providerID` ends in the id that the cloud gave: `aws:///eu-west-1a/i-0abc`. */
export function nodeSights(config: Json): readonly Sight[] {
  const name = valueAt(config, '/metadata/name');
  if (!isObject(config) || typeof name !== 'string') return [];
  const provider = valueAt(config, '/spec/providerID');
  const told = ADDRESSES.map((path) => valueAt(config, path)).flatMap((value) =>
    typeof value === 'string' ? [value.replace(/\/\d+$/, '')] : [],
  );
  const cloud = typeof provider === 'string' ? provider.slice(provider.lastIndexOf('/') + 1) : '';
  return [
    {
      title: 'Kubernetes node',
      id: name,
      aliases: [...new Set([...told, ...(cloud === '' ? [] : [cloud])])].filter((one) => one !== name),
    },
  ];
}
