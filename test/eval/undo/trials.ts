/** Every trial: for each kind, each way it can change. */
import type { Trial } from './trial.ts';
import { accountTrials } from './trials/account.ts';
import { filterTrials } from './trials/filters.ts';
import { gatewayTrials } from './trials/gateways.ts';
import { interfaceTrials } from './trials/interfaces.ts';
import { linkTrials } from './trials/links.ts';
import { roleTrials } from './trials/roles.ts';
import { routeTrials } from './trials/routes.ts';
import { transitTrials } from './trials/transit.ts';
import { userTrials } from './trials/users.ts';
import { vpcTrials } from './trials/vpcs.ts';

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
