/** The words of a login: none may pass for an option of ssh or mean anything to a shell. */
import { z } from 'zod';

export const hostName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'is no host name: letters, digits, dots, hyphens, underscores')
  .max(120);

export const address = z
  .string()
  .regex(/^[A-Za-z0-9_:][A-Za-z0-9._:%-]*$/, 'is no host name or address: no user, port or option here')
  .max(255);

export const port = z.number().int().min(1).max(65_535);

export const user = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._@-]*$/, 'is no user name')
  .max(120)
  .describe('default: as the ssh configuration says');

export const identity = z
  .string()
  .regex(/^[^-\s"'`$%][^"'`$%\0\n]*$/, 'is no path of a private key')
  .describe('path of a private key that needs no passphrase; relative to the deployment, ~/ is the home folder');

const HOP = String.raw`(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?`;
export const jump = z
  .string()
  .regex(new RegExp(`^${HOP}(?:,${HOP})*$`), 'is not user@host:port, several with commas')
  .describe('hosts to go through, as ssh -J has them');

export const sshSettings = z
  .strictObject({
    config: z.string().min(1).optional().describe("an ssh configuration in place of the user's; relative to the deployment"),
    options: z
      .record(
        z.string().regex(/^[A-Za-z]+$/, 'is no keyword of ssh_config'),
        z.union([z.string().regex(/^[^\0\n]*$/), z.number(), z.boolean()]),
      )
      .default({})
      .describe('more of ssh_config, such as { ConnectTimeout: 5 }'),
  })
  .default({ options: {} })
  .describe('how to call ssh');
