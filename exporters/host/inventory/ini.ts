/** Inventories in INI, of which a plain list of names is the simplest. */
import { addHost, type Groups, groupNamed, refuse } from './model.ts';

export function readIni(text: string, file: string): Groups {
  const groups: Groups = new Map();
  let group = 'ungrouped';
  let section: 'hosts' | 'children' | 'vars' = 'hosts';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/(^|\s)[#;].*$/, '').trim();
    if (line === '') continue;
    const header = /^\[([^\]:]+)(?::([a-z]+))?\]$/.exec(line);
    if (header !== null) {
      const [, name = '', kind = 'hosts'] = header;
      if (kind !== 'hosts' && kind !== 'children' && kind !== 'vars')
        throw refuse(
          file,
          `line ${index + 1}: a section [${name}:${kind}] is not known`,
          'sections are [name], [name:children], [name:vars]',
        );
      [group, section] = [name.trim(), kind];
      groupNamed(groups, group);
    } else if (section === 'children') groupNamed(groups, group).children.add(line.split(/\s/)[0] ?? line);
    else if (section === 'vars') Object.assign(groupNamed(groups, group).vars, variables(line.replace(/\s*=\s*/, '=')));
    else addLine(groups, group, line, `${file}: line ${index + 1}`);
  }
  return groups;
}

/** `web[01:20].example.com:2222 ansible_user=ops note="two words"` */
function addLine(groups: Groups, group: string, line: string, place: string): void {
  const [name = '', ...rest] = line.split(/\s+(?=[^\s=]+=)|\s+$/);
  // An IPv6 address has colons of its own, and so have ranges.
  const [, host = name, port] = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/.exec(name) ?? [];
  const given = Object.assign({}, ...rest.map(variables));
  try {
    addHost(groups, group, host, { ...(port === undefined ? {} : { ansible_port: port }), ...given });
  } catch (error) {
    if (error instanceof RangeError) throw refuse(place, error.message, 'ranges are written [01:20], [a:f] or [0:10:2]');
    throw error;
  }
}

function variables(word: string): Record<string, string> {
  const [, key, value = ''] = /^([^=\s]+)=(.*)$/s.exec(word) ?? [];
  return key === undefined ? {} : { [key]: value.replace(/^(["'])(.*)\1$/s, '$2') };
}
