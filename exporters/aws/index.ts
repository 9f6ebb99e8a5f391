/** The AWS exporter: networks of every region and the identities of the account. */
import type { Exporter, Kind, PluginUse } from 'drifttrail';
import { sessionPermissions } from '../_aws/session.ts';
import { collectAws } from './collect.ts';
import { events } from './events/index.ts';
import { recordedIn } from './events/places.ts';
import { awsKinds } from './kinds.ts';
import { own } from './own.ts';
import { probeAws } from './probe.ts';
import { type Options, options } from './options.ts';

const kinds: Record<string, Kind> = Object.fromEntries(
  awsKinds.map(({ type, kind }) => {
    const name = `aws.${type}`;
    const rules = events[name];
    return [name, { ...kind, own, ...(rules === undefined ? {} : { events: rules, recordedIn }) }];
  }),
);

/** A recording stands alone: without recorded trail files there is no trail to ask. */
function defaultTrail({ accounts, regions, endpoint, replay, trailFiles }: Options): PluginUse | undefined {
  if (replay !== undefined) return trailFiles === undefined ? undefined : { use: 'files', files: trailFiles };
  return { use: 'lookup-events', accounts, regions, ...(endpoint === undefined ? {} : { endpoint }) };
}

const exporter: Exporter<Options> = {
  name: 'aws',
  summary: 'Networks and identities of AWS accounts',
  options,
  scopes: { root: 'aws', depth: 3 },
  kinds,
  rules: new URL('./rules/', import.meta.url),
  permissions: [...new Set([...sessionPermissions, ...awsKinds.flatMap(({ actions }) => actions)])].sort(),
  defaultTrail,
  probe: probeAws,
  collect: (context) => collectAws(context, awsKinds),
};

export default exporter;
