/**
 * What programs of a machine print. Recorded: podman 4.3.1, rpm 4.18.0, dpkg 1.21.22, smartctl 7.3 (of a machine without disks);
 * the rest is written after the programs' own documentation.
 */
import { expect, it } from 'vitest';
import { answersMonlist, hasDefaultCommunity } from '../../../exporters/host/facts/amplifiers.ts';
import { cloudInit } from '../../../exporters/host/facts/cloud-init.ts';
import { containers } from '../../../exporters/host/facts/containers.ts';
import { disks, healthOf } from '../../../exporters/host/facts/disks.ts';
import { logForwarding } from '../../../exporters/host/facts/log-forwarding.ts';
import { rsyslogTargets, syslogNgTargets } from '../../../exporters/host/facts/log-targets.ts';
import { packageFiles, verified } from '../../../exporters/host/facts/package-files.ts';
import host from '../../../exporters/host/index.ts';
import { machine } from './help.ts';

const PODMAN = `["web","","","created","always",false,false,"none","private",[],{},[{"Type":"bind","Source":"/srv","Destination":"/data","Driver":"","Mode":"","Options":["rbind"],"RW":false,"Propagation":"rprivate"}],"",["PATH","TERM","SECRET","A","HOSTNAME",null],"",""]
["job","","","exited","",false,false,"none","private",[],{},[],"",["PATH",null],"",""]
`;
/** As Docker's API reference gives the types. */
const DOCKER = `["/db","postgres:16","sha256:1b","running","unless-stopped",false,true,"host","",["NET_ADMIN"],{"5432/tcp":[{"HostIp":"127.0.0.1","HostPort":"5432"}],"80/tcp":[{"HostIp":"","HostPort":"8080"}]},[{"Type":"volume","Name":"${'a'.repeat(64)}","Source":"/x","Destination":"/var/lib","RW":true}],"999",["POSTGRES_PASSWORD",null],"",null]
["/once","x","sha256:2","running","no",true,false,"bridge","",null,{},[],"",[null],"",null]
["/k8s_a","x","sha256:2","running","no",false,false,"bridge","",null,{},[],"",[null],"web-5d4",null]
`;

it('containers are told without what is in their environment', async () => {
  const source = machine(
    { 'run/docker.sock': '', 'var/lib/containers/storage/x': '', 'run/containerd/containerd.sock': '' },
    {
      'docker --host unix:///run/docker.sock ps': 'a\nb\nc\n',
      'docker --host unix:///run/docker.sock container inspect': DOCKER,
      'podman --remote=false ps': 'd\ne\n',
      'podman --remote=false container inspect': PODMAN,
      'crictl ps': JSON.stringify({
        containers: ['1', '2'].map((hash) => ({
          image: { image: 'registry/app:1' },
          imageRef: 'sha256:9',
          labels: { 'io.kubernetes.pod.namespace': 'shop', 'io.kubernetes.container.name': 'app', 'io.kubernetes.pod.name': `app-${hash}` },
        })),
      }),
    },
  );
  expect(await containers.read(source)).toEqual({
    'cri shop/app': { engine: 'cri', images: ['registry/app:1 sha256:9'] },
    'docker db': {
      engine: 'docker',
      image: 'postgres:16',
      imageId: 'sha256:1b',
      state: 'running',
      restart: 'unless-stopped',
      privileged: true,
      network: 'host',
      user: '999',
      capabilities: ['NET_ADMIN'],
      ports: ['127.0.0.1:5432:5432/tcp', '8080:80/tcp'],
      mounts: ['(anonymous):/var/lib:rw'],
      environment: ['POSTGRES_PASSWORD'],
    },
    'podman web': expect.objectContaining({
      state: 'created',
      restart: 'always',
      mounts: ['/srv:/data:ro'],
      environment: ['A', 'HOSTNAME', 'PATH', 'SECRET', 'TERM'],
    }),
  });
  expect(await containers.read(machine({}))).toBeUndefined();
  expect(await containers.read(machine({ 'run/docker.sock': '' }, { 'docker --host unix:///run/docker.sock ps': '' }))).toEqual({});
});

it('packaged files that differ are told by how, and not what dpkg was told to leave out', async () => {
  const rpm =
    'S.5....T.  c /etc/shelf.conf\nS.5....T.    /opt/shelf/bin\nmissing     /opt/shelf/gone\n....L....    /opt/shelf/link\n.M.......    /opt/shelf/same\n';
  expect(verified(rpm, 'rpm', () => false)).toEqual({
    'etc/shelf.conf': { differs: ['content', 'size'], configuration: true, manager: 'rpm' },
    'opt/shelf/bin': { differs: ['content', 'size'], configuration: false, manager: 'rpm' },
    'opt/shelf/gone': { differs: ['missing'], configuration: false, manager: 'rpm' },
    'opt/shelf/link': { differs: ['link target'], configuration: false, manager: 'rpm' },
  });
  const dpkg = 'missing   c /etc/debuginfod/elfutils.urls\nmissing     /usr/share/doc/x/README\n??5??????   /usr/bin/npm\n';
  const source = machine(
    {
      'var/lib/dpkg/info/x.list': '',
      'etc/dpkg/dpkg.cfg.d/docker': 'path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\n',
    },
    { 'dpkg --verify': dpkg },
  );
  expect(await packageFiles.read(source)).toEqual({
    'etc/debuginfod/elfutils.urls': { differs: ['missing'], configuration: true, manager: 'dpkg' },
    'usr/bin/npm': { differs: ['content'], configuration: false, manager: 'dpkg' },
  });
  expect(() => verified('missing     /etc/sudoers.d/x (Permission denied)\n', 'dpkg', () => false)).toThrow('permission denied');
  expect(() => verified('..?......    /usr/bin/x\n', 'rpm', () => false)).toThrow('permission denied');
  expect(host.options.parse({ facts: ['default', 'package-files'] }).facts).toEqual(['default', 'package-files']);
});

it('disks pass or do not, and their counts are steps', async () => {
  const none = '{"json_format_version":[1,0],"smartctl":{"version":[7,3],"exit_status":0}}';
  expect(await disks.read(machine({}, { 'smartctl --scan': none }))).toEqual({});
  expect(await disks.read(machine({}))).toBeUndefined();
  const ata = {
    smartctl: { exit_status: 8 },
    model_name: 'ST4000',
    serial_number: 'Z1',
    firmware_version: '1.0',
    smart_status: { passed: false },
    ata_smart_attributes: { table: [5, 9, 197].map((id) => ({ id, raw: { value: id } })) },
  };
  const scan = JSON.stringify({ devices: [{ name: '/dev/sda', type: 'sat' }] });
  const source = machine({}, { 'smartctl --scan': scan, 'smartctl --json': JSON.stringify(ata) });
  expect(await disks.read(source)).toEqual({
    'ST4000 Z1': { available: true, passed: false, firmware: '1.0', reallocatedSectors: 1, pendingSectors: 100 },
  });
  const nvme = {
    model_name: 'M',
    serial_number: 'S',
    nvme_smart_health_information_log: {
      critical_warning: 0,
      media_errors: 12,
      percentage_used: 93,
      available_spare: 5,
      available_spare_threshold: 10,
    },
  };
  expect(healthOf(JSON.stringify(nvme), '/dev/nvme0')[1]).toMatchObject({ criticalWarning: 0, mediaErrors: 10, wear: 90, spareLow: true });
  const unknown = { smartctl: { exit_status: 1, messages: [{ string: '/dev/vda: Unable to detect device type', severity: 'error' }] } };
  expect(healthOf(JSON.stringify(unknown), '/dev/vda')).toEqual(['/dev/vda', { available: false }]);
  const denied = { smartctl: { exit_status: 2, messages: [{ string: 'Smartctl open device: /dev/sda failed: Permission denied' }] } };
  expect(() => healthOf(JSON.stringify(denied), '/dev/sda')).toThrow('permission denied');
  expect(() => healthOf('smartctl 6.6', '/dev/sda')).toThrow('no JSON');
});

it('cloud-init is told without the text of its data', async () => {
  const at = 'var/lib/cloud/instances/i-1';
  const source = machine({
    'var/lib/cloud/data/instance-id': 'i-1\n',
    'var/lib/cloud/data/result.json': '{"v1": {"datasource": "DataSourceEc2Local", "errors": ["x"]}}',
    [`${at}/datasource`]: 'DataSourceEc2Local: DataSourceEc2Local\n',
    [`${at}/user-data.txt`]: '#cloud-config\npassword: hunter2\n',
    [`${at}/vendor-data.txt`]: '',
  });
  const found = await cloudInit.read(source);
  expect(found).toEqual({
    instance: 'i-1',
    datasource: 'DataSourceEc2Local',
    userData: expect.stringMatching(/^[0-9a-f]{64}$/),
    disabled: false,
    failed: true,
  });
  expect(host.kinds['host.cloud-init']?.secret).toContain('/userData');
  expect(await cloudInit.read(machine({}))).toBeUndefined();
});

it('log targets are found in each program’s own language', async () => {
  const rsyslog = `# *.* @@commented:514
*.* @@loghost:10514;RSYSLOG_SyslogProtocol23Format
auth.* @[2001:db8::1]
*.* :omrelp:relay:20514
action(type="omfwd"
  # target="no"
  target="10.0.0.9" port="6514" protocol="tcp" StreamDriverMode="1")
action(type="omfile" file="/var/log/x")
`;
  expect(rsyslogTargets(rsyslog).map(({ host: name, port, protocol, what }) => `${name} ${port} ${protocol} ${what}`.trim())).toEqual([
    'loghost 10514 tcp *.*',
    '2001:db8::1 514 udp auth.*',
    'relay 20514 relp *.*',
    '10.0.0.9 6514 tls',
  ]);
  const ng =
    'source s_net { network("0.0.0.0" port(514)); };\ndestination d { syslog("log.example" port(6514) transport("tls")); };\ndestination f { file("/x"); };\n';
  expect(syslogNgTargets(ng)).toEqual([{ host: 'log.example', port: 6514, protocol: 'tls', what: '' }]);
  const source = machine({
    'etc/rsyslog.conf': 'module(load="imuxsock")\n',
    'etc/rsyslog.d/50-x.conf': '*.* @loghost\n',
    'etc/systemd/journal-upload.conf': '[Upload]\n#URL=\nURL=https://user:hunter2@collector:19532\n',
    'etc/default/busybox-syslogd': 'SYSLOG_OPTS="-C128 -R old:601"\n',
  });
  const found = (await logForwarding.read(source)) ?? {};
  expect(Object.keys(found)).toEqual(['rsyslog loghost:514 udp', 'journal-upload collector:19532 https', 'syslogd old:601 udp']);
  expect(JSON.stringify(found)).not.toContain('hunter2');
  expect(await logForwarding.read(machine({ 'etc/rsyslog.conf': '# nothing\n' }))).toEqual({});
  expect(await logForwarding.read(machine({}))).toBeUndefined();
});

it('an amplifier is worse where its configuration lets everybody ask', () => {
  const open = ['driftfile /x', 'restrict default kod nomodify'];
  expect([answersMonlist(open), answersMonlist([...open, 'disable monitor']), answersMonlist([])]).toEqual([true, false, false]);
  expect(answersMonlist(['restrict -4 default noquery', 'restrict -6 default ignore'])).toBe(false);
  expect(hasDefaultCommunity(['rocommunity public'])).toBe(true);
  expect(hasDefaultCommunity(['com2sec notConfigUser  default       public'])).toBe(true);
  expect(hasDefaultCommunity(['rocommunity public 10.0.0.0/8', 'rocommunity k8Fx2'])).toBe(false);
});
