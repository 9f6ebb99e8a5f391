/** The table of facts: a new one is a file and a line here. */
import { authorizedKeys } from './authorized-keys.ts';
import { certificates } from './certificates.ts';
import { cloudInit } from './cloud-init.ts';
import { containers } from './containers.ts';
import { cron } from './cron.ts';
import { disks } from './disks.ts';
import type { Fact } from './fact.ts';
import { filesystems } from './filesystems.ts';
import { groups } from './groups.ts';
import { kernelModules } from './kernel-modules.ts';
import { limits } from './limits.ts';
import { logForwarding } from './log-forwarding.ts';
import { mounts } from './mounts.ts';
import { os } from './os.ts';
import { packageFiles } from './package-files.ts';
import { packages } from './packages.ts';
import { passwords } from './passwords.ts';
import { services } from './services.ts';
import { sockets } from './sockets.ts';
import { sudoers } from './sudoers.ts';
import { sysctl } from './sysctl.ts';
import { unitFiles } from './unit-files.ts';
import { firewall } from './firewall.ts';
import { raid } from './raid.ts';
import { resolver } from './resolver.ts';
import { routes } from './routes.ts';
import { sshHostKeys } from './ssh-host-keys.ts';
import { time } from './time.ts';
import { users } from './users.ts';

export const FACTS: readonly Fact[] = [
  os,
  packages,
  users,
  passwords,
  groups,
  sudoers,
  cron,
  unitFiles,
  services,
  sockets,
  mounts,
  filesystems,
  sysctl,
  kernelModules,
  limits,
  authorizedKeys,
  sshHostKeys,
  certificates,
  firewall,
  routes,
  resolver,
  raid,
  disks,
  time,
  containers,
  cloudInit,
  logForwarding,
  packageFiles,
];
