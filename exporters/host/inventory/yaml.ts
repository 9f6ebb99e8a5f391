/** Inventories in YAML: `all: { hosts: …, children: …, vars: … }`. */
import { isObject, type Json } from 'drifttrail';
import { parseDocument } from 'yaml';
import { addHost, type Groups, groupNamed, refuse } from './model.ts';

export function readYaml(text: string, file: string): Groups {
  const document = parseDocument(text, { logLevel: 'silent' });
  const [problem] = document.errors;
  if (problem !== undefined) throw refuse(file, problem.message.split('\n')[0] ?? 'is no YAML', 'mend the file');
  const content: Json = document.toJS();
  const groups: Groups = new Map();
  if (Array.isArray(content)) {
    for (const name of content) add(groups, 'ungrouped', String(name), {}, file);
    return groups;
  }
  if (!isObject(content)) throw refuse(file, 'holds no groups', 'write a list of names, or an inventory with all: hosts:');
  if ('plugin' in content)
    throw refuse(file, 'is made by a plug-in', 'save what it lists: ansible-inventory --list --yaml --output hosts.yaml');
  for (const [name, group] of Object.entries(content)) readGroup(groups, name, group, file);
  return groups;
}

function readGroup(groups: Groups, name: string, content: Json | undefined, file: string): void {
  const group = groupNamed(groups, name);
  if (content === null || content === undefined) return;
  if (!isObject(content)) throw refuse(file, `group ${name} is no mapping`, 'a group has hosts:, children: and vars:');
  const strange = Object.keys(content).find((key) => !['hosts', 'children', 'vars'].includes(key));
  if (strange !== undefined) throw refuse(file, `group ${name} has ${strange}:`, 'a group has hosts:, children: and vars:');
  for (const [host, vars] of members(content['hosts'])) add(groups, name, host, isObject(vars) ? vars : {}, file);
  for (const [child, inside] of members(content['children'])) {
    group.children.add(child);
    readGroup(groups, child, inside, file);
  }
  if (isObject(content['vars'])) Object.assign(group.vars, content['vars']);
}

/** Of a mapping, or of a list of names. */
function members(content: Json | undefined): (readonly [string, Json])[] {
  if (Array.isArray(content)) return content.map((name) => [String(name), null]);
  return isObject(content) ? Object.entries(content) : [];
}

function add(groups: Groups, group: string, pattern: string, vars: Readonly<Record<string, Json>>, file: string): void {
  try {
    addHost(groups, group, pattern, vars);
  } catch (error) {
    if (error instanceof RangeError) throw refuse(file, error.message, 'ranges are written [01:20], [a:f] or [0:10:2]');
    throw error;
  }
}
