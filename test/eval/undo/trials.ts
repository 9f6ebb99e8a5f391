/** Every trial: for each kind, each way it can change. */
import type { Trial } from './trial.ts';
import { accountTrials } from './trials/account.ts';
import { gatewayTrials } from './trials/gateways.ts';
import { identityTrials } from './trials/identities.ts';
import { networkTrials } from './trials/networks.ts';
import { ruleTrials } from './trials/rules.ts';
import { transitTrials } from './trials/transit.ts';

export const trials: readonly Trial[] = [
  ...ruleTrials,
  ...networkTrials,
  ...gatewayTrials,
  ...transitTrials,
  ...identityTrials,
  ...accountTrials,
];
