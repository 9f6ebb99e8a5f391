/** Everything that is read of a machine, in the order in which it is told. */
import { groupMember, user } from './accounts.ts';
import { file } from './files.ts';
import { firewallProfile, firewallRule, share } from './network.ts';
import { registry } from './registry.ts';
import type { Section } from './section.ts';
import { service, task } from './services.ts';
import { feature, hotfix, os, program } from './system.ts';

export const SECTIONS: readonly Section[] = [
  os,
  service,
  feature,
  user,
  groupMember,
  task,
  registry,
  file,
  hotfix,
  program,
  share,
  firewallProfile,
  firewallRule,
];
