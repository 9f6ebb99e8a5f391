/** What the configuration of `use: windows` may say. */
import { z } from 'zod';
import { address, hostName, identity, jump, port, sshSettings, user } from '../_ssh/options.ts';
import { SECTIONS } from './sections/index.ts';

const words = SECTIONS.map(({ word }) => word) as [string, ...string[]];
/** Autostarts, log-on, security providers, remote desktop, SMB, what is started in place of a program. */
const REGISTRY = [
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\RunOnce',
  'HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\Windows\\CurrentVersion\\Run',
  'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System',
  'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon',
  'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\**',
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa',
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server',
  'HKLM\\SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters',
];
const FILES = [
  '%windir%\\System32\\drivers\\etc\\hosts',
  '%ProgramData%\\ssh\\sshd_config',
  '%ProgramData%\\ssh\\administrators_authorized_keys',
];

const host = z.strictObject({
  name: hostName.describe('name of the machine in the snapshots'),
  address: address.optional().describe('host name, address or alias of the ssh configuration; default: the name'),
  port: port.optional(),
  user: user.optional(),
  identity: identity.optional(),
  jump: jump.optional(),
});

export const options = z.strictObject({
  hosts: z
    .array(z.union([hostName.transform((name): z.infer<typeof host> => ({ name })), host]))
    .min(1)
    .describe('machines with the OpenSSH server of Windows: names of the ssh configuration, or name, address, port, user, identity, jump'),
  without: z.array(z.enum(words)).default([]).describe('kinds that are left out, by their last word'),
  registry: z
    .array(
      z
        .string()
        .regex(/^(HKLM|HKU)\\[^\\]+(\\[^\\]+)*$/, 'is no key as HKLM\\SOFTWARE\\… (or HKU\\<SID>\\…); \\** at its end for all below'),
    )
    .default(REGISTRY)
    .describe('keys whose values are kept; with \\** at the end those of all keys below, too'),
  files: z
    .array(z.string().regex(/^([A-Za-z]:|%\w+%)\\/, 'is no path as C:\\… or %ProgramData%\\…'))
    .default(FILES)
    .describe('files; * and ? in the last name, %NAME% for what Windows calls so'),
  iis: z.boolean().default(true).describe('applicationHost.config and the web.config of every folder that it names'),
  microsoftTasks: z.boolean().default(false).describe('scheduled tasks below \\Microsoft\\, too'),
  maxContent: z
    .number()
    .int()
    .min(0)
    .max(16 * 1024 * 1024)
    .default(1024 * 1024)
    .describe('bytes; a larger file is a gap'),
  concurrency: z.number().int().min(1).max(200).default(10).describe('machines at the same time'),
  deadline: z.number().min(1).max(3600).default(120).describe('seconds for one machine, all told'),
  ssh: sshSettings,
});

export type WindowsOptions = z.infer<typeof options>;
