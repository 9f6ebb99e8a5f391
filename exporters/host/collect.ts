/** One host from its source: who it is, its files, its facts. */
import type { Resource } from 'drifttrail';
import type { HostContext } from './context.ts';
import { isWanted } from './facts/fact.ts';
import { FACTS } from './facts/index.ts';
import { collectFiles } from './files.ts';
import { Unreadable } from './filesystem.ts';
import type { Source } from './source.ts';

export async function* collectSource(context: HostContext, source: Source, scope: string): AsyncGenerator<Resource> {
  const identity = machineId(source);
  if (identity !== undefined) context.identity(scope, identity);
  yield* collectFiles(context, source, scope);
  yield* collectFacts(context, source, scope);
}

async function* collectFacts(context: HostContext, source: Source, scope: string): AsyncGenerator<Resource> {
  for (const fact of FACTS) {
    if (!isWanted(fact, context.options.facts)) continue;
    context.signal.throwIfAborted();
    try {
      const config = await fact.read(source);
      if (config === undefined) continue; // this root cannot tell: neither complete nor a gap
      yield { ref: { scope, kind: fact.kind, id: fact.kind.slice('host.'.length) }, config };
      context.complete(scope, fact.kind);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const remedy = error.reason === 'denied' ? '; run as root, or leave the fact out of facts' : '';
      context.gap({ scope, kind: fact.kind, reason: error.reason, detail: `${error.message}${remedy}` });
    }
  }
}

/** machine-id(5): 32 hex digits. An image made for cloning has none or `uninitialized`. */
function machineId(source: Source): string | undefined {
  try {
    const id = (source.read('etc/machine-id') ?? source.read('var/lib/dbus/machine-id'))?.trim();
    return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? id : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined; // its own file's gap says so
    throw error;
  }
}
