/** What cloud-init made of this machine: which instance it is, where its data came from, and whether the data are others now. */
import { createHash } from 'node:crypto';
import { type Json, type JsonObject, valueAt } from 'drifttrail';
import { Unreadable } from '../filesystem.ts';
import type { Source } from '../source.ts';
import type { Fact } from './fact.ts';

const ID = 'var/lib/cloud/data/instance-id';

export const cloudInit: Fact = {
  name: 'cloud-init',
  kind: 'host.cloud-init',
  title: 'cloud-init instance',
  collection: false,
  read,
  // User data hold passwords and keys: kept is a fingerprint of their digest, which tells that they changed and no more.
  secret: ['/userData', '/vendorData'],
  ahead: `if [ -r /${ID} ]; then
  id=$(cat /${ID})
  text "var/lib/cloud/instances/$id/datasource"
  single "/var/lib/cloud/instances/$id/user-data.txt"
  single "/var/lib/cloud/instances/$id/vendor-data.txt"
fi`,
};

function read(source: Source): JsonObject | undefined {
  const id = source.read(ID)?.trim();
  if (id === undefined || !/^[\w.:-]+$/.test(id)) return undefined;
  const folder = `var/lib/cloud/instances/${id}`;
  const datasource = source.read(`${folder}/datasource`)?.trim();
  const user = fingerprint(source, `${folder}/user-data.txt`);
  const vendor = fingerprint(source, `${folder}/vendor-data.txt`);
  const disabled = source.exists('etc/cloud/cloud-init.disabled');
  return {
    instance: id,
    // "DataSourceEc2Local: DataSourceEc2Local"; what follows may name a device.
    ...(datasource === undefined ? {} : { datasource: datasource.split(':')[0] ?? datasource }),
    ...(user === undefined ? {} : { userData: user }),
    ...(vendor === undefined ? {} : { vendorData: vendor }),
    disabled,
    ...resultOf(source.read('var/lib/cloud/data/result.json')),
  };
}

/** The SHA-256 of what may be text or packed; an empty file is none. Throws Unreadable. */
function fingerprint(source: Source, path: string): string | undefined {
  const content = source.content({ raw: source.root === '/' ? `/${path}` : `${source.root}/${path}`, path }, WHOLE);
  if (content === undefined || content.bytes?.length === 0) return undefined;
  return (
    content.digest?.sha256 ??
    createHash('sha256')
      .update(content.bytes ?? '')
      .digest('hex')
  );
}

const WHOLE = { maxContent: 1024 * 1024, maxHash: 64 * 1024 * 1024 };

/** `{"v1": {"datasource": "…", "errors": ["…"]}}` */
function resultOf(text: string | undefined): JsonObject {
  if (text === undefined) return {};
  const errors = valueAt(textAsJson(text), '/v1/errors');
  if (!Array.isArray(errors)) return {};
  return { failed: errors.length > 0 };
}

function textAsJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Unreadable('var/lib/cloud/data/result.json', 'is no JSON', 'invalid');
  }
}
