/** What the cluster chose for each resource: two namespaces or clusters made from the same manifests differ in it. */
import type { Own } from 'drifttrail';

const CHOSEN: Readonly<Record<string, readonly string[]>> = {
  'core.Service': ['/spec/clusterIP', '/spec/clusterIPs/**', '/spec/ports/*/nodePort', '/spec/healthCheckNodePort', '/spec/ipFamilies/**'],
  'core.PersistentVolumeClaim': ['/spec/volumeName'],
  'core.Pod': ['/spec/nodeName'],
  'core.Node': ['/spec/podCIDR', '/spec/podCIDRs/**', '/spec/providerID'],
};

/** `core.Service`. */
export function ownOf(key: string): Own | undefined {
  const natural = CHOSEN[key];
  return natural === undefined ? undefined : { natural: () => natural };
}
