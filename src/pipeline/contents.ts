/** The joint of normalize and store: for each resource, its bytes unless they are what is stored already. */
import { existsSync, readFileSync } from 'node:fs';
import { version } from '../version.ts';
import { type Kind, kindNamed, type Resource } from '../model.ts';
import type { Memo } from '../normalize/memo.ts';
import { normalize } from '../normalize/normalize.ts';
import type { Redactor } from '../normalize/redact.ts';
import { blobId } from '../store/objects.ts';
import type { Content } from '../store/plan.ts';

export interface ContentsDeps {
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly redactor: Redactor;
  /** Without it every resource is normalized. */
  readonly memo?: Memo | undefined;
}

/** Resources of kinds that no exporter has are left out. */
export function* contentsOf(resources: Iterable<Resource>, { kinds, redactor, memo }: ContentsDeps): Generator<Content> {
  for (const resource of resources) {
    const kind = kindNamed(kinds, resource.ref.kind);
    if (kind === undefined) continue;
    yield {
      ref: resource.ref,
      unless: (stored) => {
        const digest = memo?.digest(resource, kind);
        if (digest !== undefined && stored !== undefined && memo?.recall(digest) === stored) return undefined;
        const { bytes, config } = normalize(resource, kind, redactor);
        const id = blobId(bytes);
        if (digest !== undefined) memo?.learn(digest, id);
        return id === stored ? undefined : { bytes, id, config };
      },
    };
  }
}

/** What decides how readings become bytes, but for kinds and key; undefined when it runs from sources, which may change any minute. */
export function buildId(): string | undefined {
  if (import.meta.url.endsWith('.ts')) return undefined;
  // A checkout's build says what it was made from; a published version is made once.
  const fingerprint = new URL('../../.fingerprint', import.meta.url);
  const made = existsSync(fingerprint) ? readFileSync(fingerprint, 'latin1').trim() : '';
  return `${version()} ${made} ${process.version}`;
}
