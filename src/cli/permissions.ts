/** `drifttrail permissions`: the least-privilege policy for what the deployment reads. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { examples } from './help.ts';
import { type GlobalOptions, openDeployment, outJson, type Registration, type Session } from './session.ts';

export const permissions: Registration = (self, session) => {
  self
    .description('Prints an IAM policy document. Outside a deployment: the policy of all calls of the AWS plug-ins that only read.')
    .addHelpText('before', examples(['drifttrail permissions > policy.json', 'for the role that drifttrail uses']))
    .option('--json', 'the output is JSON anyway')
    .action(async (_own: unknown, command) => {
      const wanted = await wantedPermissions(session, command.optsWithGlobals());
      const actions = wanted.filter(isAction);
      await outJson(session, {
        Version: '2012-10-17',
        Statement: actions.length === 0 ? [] : [{ Sid: 'DrifttrailRead', Effect: 'Allow', Action: actions, Resource: '*' }],
      });
      const others = wanted.filter((permission) => !isAction(permission));
      if (others.length > 0) session.say(`and outside AWS: ${others.join(', ')}`);
      if (actions.length === 0) session.say('nothing of AWS is configured here');
    });
};

/** What some trails must do besides (take messages off a queue, start queries) is for those who configure them. */
const READS = /:(Describe|Get|List|Lookup|Search)/;

async function wantedPermissions(session: Session, options: GlobalOptions): Promise<string[]> {
  const { CONFIG_FILE } = await import('../config/config.ts');
  if (existsSync(join(options.dir, CONFIG_FILE))) {
    const { exporters, trails } = await openDeployment(session, options);
    return merged([...exporters.map(({ exporter }) => exporter), ...trails.map(({ trail }) => trail)]);
  }
  const { builtins, loadPlugin } = await import('../plugins.ts');
  const load = <Type extends 'exporters' | 'trails'>(type: Type) =>
    Promise.all(builtins(type).map((use) => loadPlugin(type, use, options.dir)));
  return merged([...(await load('exporters')), ...(await load('trails'))]).filter((action) => isAction(action) && READS.test(action));
}

function merged(plugins: readonly { readonly permissions?: readonly string[] }[]): string[] {
  return [...new Set(plugins.flatMap(({ permissions: own }) => own ?? []))].sort();
}

/** `ec2:DescribeVpcs`, as IAM writes it; others are commands or database privileges. */
function isAction(permission: string): boolean {
  return /^[a-z0-9-]+:[A-Z][A-Za-z0-9]*\*?$/.test(permission);
}
