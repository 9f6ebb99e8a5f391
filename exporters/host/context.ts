/** What reading one host needs to know and to tell. */
import type { CollectContext } from 'drifttrail';
import type { HostOptions } from './options.ts';

/** What to read of a host, and who is told what became of it. */
export type HostContext = Pick<CollectContext, 'signal' | 'complete' | 'gap' | 'identity'> & {
  readonly options: Pick<HostOptions, 'files' | 'facts' | 'maxContent' | 'maxHash'>;
};
