/** Every trial: for each kind, each way it can change. */
import type { Trial } from './trial.ts';
import { accountTrials } from './account.ts';
import { filterTrials } from './filters.ts';
import { gatewayTrials } from './gateways.ts';
import { interfaceTrials } from './interfaces.ts';
import { linkTrials } from './links.ts';
import { roleTrials } from './roles.ts';
import { routeTrials } from './routes.ts';
import { transitTrials } from './transit.ts';
import { userTrials } from './users.ts';
import { vpcTrials } from './vpcs.ts';

export const trials: readonly Trial[] = [
  ...accountTrials,
  ...filterTrials,
  ...gatewayTrials,
  ...interfaceTrials,
  ...linkTrials,
  ...roleTrials,
  ...routeTrials,
  ...transitTrials,
  ...userTrials,
  ...vpcTrials,
];
