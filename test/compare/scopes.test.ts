/** Namespaces, clusters and databases as real servers were read: built alike they do not differ, and what was planted is told. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import kubernetes from '../../exporters/kubernetes/index.ts';
import postgres from '../../exporters/postgres/index.ts';
import { compareSides } from '../../src/compare/compare.ts';
import type { Side } from '../../src/compare/documents.ts';
import type { Exporter } from '../../src/model.ts';
import { parse } from '../../src/normalize/normalize.ts';
import { createLayout } from '../../src/store/layout.ts';

type Plug = Pick<Exporter, 'name' | 'scopes' | 'kinds'>;

/** A scope of a recorded tree, every text of it changed: another place made by the same hands. */
function sideOf(exporter: Plug, fixture: string, scope: string, name: string, change: (text: string) => string): Side {
  const tree = fileURLToPath(new URL(`../fixtures/${fixture}/expected/`, import.meta.url));
  const layout = createLayout([exporter]);
  const wanted = change(scope);
  const documents = readdirSync(join(tree, scope), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const from = join(entry.parentPath, entry.name).slice(tree.length);
      const path = change(from);
      const ref = layout.refOf(path);
      if (ref === undefined) return [];
      const kind = layout.kindOf(ref.kind) ?? { format: 'text' as const };
      return [{ ref, path, config: parse(Buffer.from(change(readFileSync(join(tree, from), 'utf8'))), kind) }];
    });
  return { name, scope: wanted, at: undefined, time: '2026-11-20T10:00:00Z', documents, gaps: [] };
}

const told = (exporter: Plug, sides: readonly Side[]) => {
  const found = compareSides(sides, { kinds: exporter.kinds });
  expect(found.compared).toBeGreaterThan(5);
  return found.differences.flatMap(({ kind, id, places }) => places.map(({ path }) => `${kind} ${id} ${path}`));
};

describe('namespaces', () => {
  const of = (name: string, change: (text: string) => string) =>
    sideOf(kubernetes, 'kubernetes/shop', 'kubernetes/prod/shop', name, change);
  const staging = (text: string) => text.replace(/\bshop\b/g, 'shop-staging').replace('10.96.12.7', '10.96.200.1');

  it('made from the same manifests do not differ, one with a port more does', () => {
    const shop = of('shop', (text) => text);
    expect(told(kubernetes, [shop, of('shop-staging', staging)])).toEqual([]);
    const open = of('shop-staging', (text) => staging(text).replace('port: 9090\n', 'port: 9191\n'));
    expect(told(kubernetes, [shop, open])).toEqual(['kubernetes.core.Service web /spec/ports/metrics TCP/port']);
  });

  it('of two clusters are held against each other by their names', () => {
    const other = of('test', (text) => text.replaceAll('prod/', 'test/'));
    expect(other.scope).toBe('kubernetes/test/shop');
    expect(told(kubernetes, [of('prod', (text) => text), other])).toEqual([]);
  });
});

describe('databases', () => {
  const of = (name: string, change: (text: string) => string) => sideOf(postgres, 'postgres/first', 'databases/main/shop', name, change);
  const copy = (text: string) => text.replace('databases/main/shop', 'databases/spare/shop');

  it('of two servers: a function that somebody altered', () => {
    const main = of('main', (text) => text);
    expect(told(postgres, [main, of('spare', copy)])).toEqual([]);
    const altered = of('spare', (text) => copy(text).replace(/^END;?$/m, '  -- altered\nEND;'));
    expect(told(postgres, [main, altered]).every((line) => /^postgres\.(function|procedure|trigger)/.test(line))).toBe(true);
    expect(told(postgres, [main, altered]).length).toBeGreaterThan(0);
  });
});
