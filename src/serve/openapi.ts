/** The API described by itself, made from the same routes that answer it. https://spec.openapis.org/oas/v3.1.0 */
import { z } from 'zod';
import type { JsonObject } from '../model.ts';
import { version } from '../version.ts';
import type { Route } from './route.ts';

export function openApi(routes: readonly Route[]): JsonObject {
  const paths = routes.map((route) => [route.api.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}'), { get: operation(route) }] as const);
  return {
    openapi: '3.1.0',
    info: {
      title: 'drifttrail',
      version: version(),
      description:
        'What `drifttrail report --json` and its kin say, over HTTP. It only reads, but for the answers to alerts. Fields may be added, none is renamed while schemaVersion is 1.',
    },
    security: [{}, { bearer: [] }],
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The token of `serve --token`, where it was given.' } },
    },
    paths: {
      ...Object.fromEntries(paths),
      '/api/alerts': {
        post: {
          summary: 'What changed before an alert, most suspicious first; also told to the hooks with `answers: true`, once an alert.',
          requestBody: {
            required: true,
            description: 'The body of a webhook of PagerDuty (v3), Alertmanager or Grafana.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          responses: {
            200: { description: 'schemaVersion 1.', content: { 'application/json': { schema: { type: 'object' } } } },
            400: failure('It is no alert that is known here.'),
            401: failure('A token is needed.'),
          },
        },
      },
      '/api/stream': {
        get: {
          summary: 'Server-sent events, named `findings`: new commits and findings as they come.',
          responses: { 200: { description: 'A stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } } },
        },
      },
    },
  };
}

function failure(description: string): JsonObject {
  return { description, content: { 'application/json': { schema: { type: 'object' } } } };
}

function operation({ api, summary, parameters }: Route): JsonObject {
  const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as { properties?: JsonObject; required?: string[] };
  const list = Object.entries(schema.properties ?? {}).map(([name, own]) => {
    const inPath = new RegExp(`:${name}(?:[/{]|$)`).test(api);
    return { name, in: inPath ? 'path' : 'query', required: inPath || schema.required?.includes(name) === true, schema: own };
  });
  return {
    summary,
    parameters: list,
    responses: {
      200: { description: 'schemaVersion 1.', content: { 'application/json': { schema: { type: 'object' } } } },
      400: failure('A parameter is wrong.'),
      401: failure('A token is needed.'),
      404: failure('Nothing is known by that name.'),
      503: failure('Not ready yet, or too much at once: ask again after Retry-After seconds.'),
    },
  };
}
