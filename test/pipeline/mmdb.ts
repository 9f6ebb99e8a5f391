/** Writes a MaxMind DB file of a few IPv4 networks. https://maxmind.github.io/MaxMind-DB/ */

type Value = string | number | { readonly [key: string]: Value };

const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.concat([Buffer.from([0xab, 0xcd, 0xef]), Buffer.from('MaxMind.com')]);
const [STRING, UINT32, MAP] = [2, 6, 7];

/** `networks`: what is known of each, such as `192.0.2.0/24`. */
export function mmdb(networks: Readonly<Record<string, Value>>): Buffer {
  /** A node is a pair: another node, bytes of the data section, or nothing. */
  const nodes: [Branch, Branch][] = [[undefined, undefined]];
  const data: Buffer[] = [];
  for (const [network, value] of Object.entries(networks)) {
    const [address = '', length = ''] = network.split('/');
    const bits = address.split('.').flatMap((byte) => [...Number(byte).toString(2).padStart(8, '0')].map(Number));
    let at = 0;
    for (const bit of bits.slice(0, Number(length) - 1)) {
      const node = nodes[at] as [Branch, Branch];
      if (node[bit]?.node === undefined) node[bit] = { node: nodes.push([undefined, undefined]) - 1 };
      at = (node[bit] as { node: number }).node;
    }
    (nodes[at] as [Branch, Branch])[bits[Number(length) - 1] as number] = { data: Buffer.concat(data).length };
    data.push(encoded(value));
  }
  const records = nodes.flat().map((branch) => {
    const record = Buffer.alloc(3);
    const target = branch === undefined ? nodes.length : (branch.node ?? nodes.length + SEPARATOR.length + (branch.data ?? 0));
    record.writeUIntBE(target, 0, 3);
    return record;
  });
  const metadata = { node_count: nodes.length, record_size: 24, ip_version: 4, database_type: 'Test', binary_format_major_version: 2 };
  return Buffer.concat([...records, SEPARATOR, ...data, MARKER, encoded(metadata)]);
}

type Branch = { readonly node?: number; readonly data?: number } | undefined;

function encoded(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([Buffer.from([(STRING << 5) | value.length]), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(5, (UINT32 << 5) | 4);
    bytes.writeUInt32BE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value);
  return Buffer.concat([Buffer.from([(MAP << 5) | entries.length]), ...entries.flatMap(([key, inner]) => [encoded(key), encoded(inner)])]);
}
