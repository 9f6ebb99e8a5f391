/** What the configuration of `use: host` may say. */
import { z } from 'zod';
import { FACTS } from './facts/index.ts';
import { ec2Inventory } from './inventory/ec2.ts';
import { address, hostName, identity, jump, port, sshSettings, user } from '../_ssh/options.ts';

const factNames: [string, ...string[]] = ['default', ...FACTS.map((fact) => fact.name)];
const globs = z.array(z.string().min(1));

/** etckeeper's and others' repositories hold what we keep ourselves, and change with each commit. */
const REPOSITORIES = ['.git', '.hg', '.bzr', '_darcs'];

export interface Files {
  readonly include: string[];
  readonly exclude: string[];
}

/** Who names one, wants it. */
function withoutRepositories({ include, exclude }: Files): Files {
  const unnamed = REPOSITORIES.filter((name) => !include.some((glob) => glob.split('/').includes(name)));
  return { include, exclude: [...exclude, ...unnamed.map((name) => `**/${name}`)] };
}

const files = z
  .union([globs, z.strictObject({ include: globs.default(['etc']), exclude: globs.default([]) })])
  .transform((files) => withoutRepositories(Array.isArray(files) ? { include: files, exclude: [] } : files))
  .describe('which files, as globs relative to the root (a folder means everything below it); [] for none');
const facts = z
  .union([z.boolean(), z.array(z.enum(factNames))])
  .describe('which facts: true for the default ones, false for none, or a list of names; default stands for the default ones');
const sudo = z.boolean().describe('read as root, by sudo without a password (sudo -n /bin/sh -s)');

/** A host over ssh, as `hosts:` lists it; what it leaves out is as for all. */
export const remoteHost = z.strictObject({
  name: hostName.describe('name of the machine in the snapshots'),
  address: address.optional().describe('host name, address or alias of the ssh configuration; default: the name'),
  port: port.optional(),
  user: user.optional(),
  identity: identity.optional(),
  jump: jump.optional(),
  sudo: sudo.optional(),
  files: files.optional(),
  facts: facts.optional(),
});

export type RemoteHost = z.infer<typeof remoteHost>;

const defaultFiles = withoutRepositories({ include: ['etc'], exclude: [] });

export const hostOptions = z
  .strictObject({
    name: hostName.optional().describe('name of the machine in the snapshots; default: its host name'),
    root: z.string().min(1).default('/').describe('root directory: / for this machine, else a mounted image; relative to the deployment'),
    hosts: z
      .array(z.union([hostName.transform((name) => ({ name })), remoteHost]))
      .optional()
      .describe('other machines, read over ssh'),
    inventory: z
      .union([
        z
          .string()
          .min(1)
          .transform((file) => ({ file, groups: undefined, ec2: undefined })),
        z.strictObject({ file: z.string().min(1), groups: z.array(z.string()).optional(), ec2: z.undefined().optional() }),
        z.strictObject({ ec2: ec2Inventory, file: z.undefined().optional(), groups: z.undefined().optional() }),
      ])
      .optional()
      .describe(
        'a list of such machines: names, one a line, or an Ansible inventory in INI or YAML; groups: which of its groups; or ec2: running instances of AWS',
      ),
    known: z
      .strictObject({
        files: z
          .array(z.string().min(1))
          .optional()
          .describe('known_hosts, hosts, arp, DHCP leases, or Ansible inventories; default: those of this machine'),
        except: globs.default([]).describe('names and addresses that are no servers of yours: github.com, 10.0.0.1'),
      })
      .optional()
      .describe('where this machine knows other machines from, for coverage to tell which of them nobody reads'),
    sudo: sudo.default(false),
    concurrency: z.number().int().min(1).max(200).default(10).describe('machines read over ssh at the same time'),
    deadline: z.number().min(1).max(3600).default(60).describe('seconds a machine may take over ssh'),
    ssh: sshSettings,
    files: files.default(defaultFiles),
    facts: facts.default(true),
    maxContent: z
      .number()
      .int()
      .min(0)
      .max(64 * 1024 * 1024)
      .default(1024 * 1024)
      .describe('bytes; a larger file is kept as size and SHA-256'),
    maxHash: z
      .number()
      .int()
      .min(0)
      .default(256 * 1024 * 1024)
      .describe('bytes; of a still larger file only the ends are hashed'),
  })
  .refine(({ hosts, inventory, root, name }) => (hosts === undefined && inventory === undefined) || (root === '/' && name === undefined), {
    message: 'hosts and inventory name other machines: root and name belong to an entry of their own',
  });

export type HostOptions = z.infer<typeof hostOptions>;
