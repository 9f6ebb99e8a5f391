/** A cluster from a file of manifests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from 'drifttrail';
import { parseAllDocuments } from 'yaml';
import type { Connect } from '../../../exporters/kubernetes/connect.ts';
import { createCluster } from '../../kubernetes/cluster.ts';
import { connectTo } from '../../kubernetes/server.ts';

export function manifestsOf(file: string): JsonObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as JsonObject);
}

/** The deployment's folder holds `cluster.yaml`. */
export const recorded: Connect = (options, context) =>
  connectTo(createCluster(manifestsOf(join(context.dir, 'cluster.yaml'))))(options, context);
