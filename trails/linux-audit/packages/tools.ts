/** The programs that install packages: what they write, the person wrote who ran them. */

const TOOLS: Readonly<Record<string, string>> = {
  apt: 'apt',
  'apt-get': 'apt',
  aptitude: 'apt',
  dpkg: 'apt',
  'dpkg-divert': 'apt',
  'dpkg-statoverride': 'apt',
  'update-alternatives': 'apt',
  ucf: 'apt',
  'unattended-upgr': 'unattended-upgrades',
  'unattended-upgrade': 'unattended-upgrades',
  dnf: 'dnf',
  dnf5: 'dnf',
  yum: 'dnf',
  microdnf: 'dnf',
  rpm: 'rpm',
  zypper: 'zypper',
  apk: 'apk',
};

/** A package's own scripts run in a shell; only their command line tells that it is dpkg who runs them. */
const SCRIPT = /\/var\/lib\/dpkg\/(info|tmp\.ci)\//;

export function packageTool(exe: string | undefined, comm: string | undefined, title: string | undefined): string | undefined {
  const program = exe?.slice(exe.lastIndexOf('/') + 1);
  return TOOLS[program ?? ''] ?? TOOLS[comm ?? ''] ?? (title !== undefined && SCRIPT.test(title) ? 'apt' : undefined);
}
