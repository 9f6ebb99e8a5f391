/** The query protocol's flat parameters (`IpPermissions.1.IpRanges.1.CidrIp`) as the tree they mean. */
export type Parameter = string | readonly Parameter[] | ParameterObject;
export interface ParameterObject {
  readonly [name: string]: Parameter;
}

interface Branch {
  [name: string]: string | Branch;
}

/** Everything but `Action` and `Version`. */
export function parseQuery(body: string): { readonly action: string; readonly parameters: ParameterObject } {
  const form = new URLSearchParams(body);
  const root: Branch = {};
  for (const [name, value] of form) {
    if (name === 'Action' || name === 'Version') continue;
    const segments = name.split('.');
    const last = segments.pop() ?? name;
    let branch = root;
    for (const segment of segments) {
      const below = branch[segment];
      const next: Branch = typeof below === 'object' ? below : {};
      branch[segment] = next;
      branch = next;
    }
    branch[last] = value;
  }
  return { action: form.get('Action') ?? '', parameters: members(root) };
}

export function isParameterObject(value: Parameter | undefined): value is ParameterObject {
  return typeof value === 'object' && !Array.isArray(value);
}

function members(branch: Branch): ParameterObject {
  return Object.fromEntries(Object.entries(branch).map(([name, value]) => [name, typeof value === 'string' ? value : shape(value)]));
}

/** Numbered names are a list; IAM puts a `member` between. */
function shape(branch: Branch): Parameter {
  const names = Object.keys(branch);
  const inner = branch.member;
  if (names.length === 1 && typeof inner === 'object') return shape(inner);
  if (!names.every((name) => /^\d+$/.test(name))) return members(branch);
  return names
    .sort((a, b) => Number(a) - Number(b))
    .map((name) => branch[name] ?? '')
    .map((value) => (typeof value === 'string' ? value : shape(value)));
}
