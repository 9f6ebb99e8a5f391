/** The API described by itself, made from the same routes that answer it. https://spec.openapis.org/oas/v3.1.0 */
import { z } from 'zod';
import type { JsonObject } from '../model.ts';
import { version } from '../version.ts';
import { ASKED } from './alerts.ts';
import { alertAnswer, NAMED, news, problem } from './answers.ts';
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
      schemas: schemas(),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'The token of `serve --token`, where it was given.' } },
    },
    paths: {
      ...Object.fromEntries(paths),
      '/api/alerts': {
        post: {
          summary: 'What changed before an alert, most suspicious first; also told to the hooks with `answers: true`, once an alert.',
          parameters: parametersOf(ASKED.parameters, () => false),
          requestBody: {
            required: true,
            description: 'The body of a webhook of PagerDuty (v3), Alertmanager or Grafana.',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          responses: {
            200: success(alertAnswer),
            400: failure('It is no alert that is known here.'),
            401: failure('A token is needed.'),
          },
        },
      },
      '/api/stream': {
        get: {
          summary:
            'Server-sent events, named `findings`: new commits and findings as they come, and at once those since the event whose id is given.',
          parameters: [
            { name: 'Last-Event-ID', in: 'header', required: false, description: 'The id of the last event.', schema: { type: 'string' } },
          ],
          responses: {
            200: {
              description: `A stream; the data of each event is ${schemaOf(news).$ref}.`,
              content: { 'text/event-stream': { schema: { type: 'string' } } },
            },
            401: failure('A token is needed.'),
            503: failure('Too many listen already.'),
          },
        },
      },
    },
  };
}

const SCHEMAS = '#/components/schemas/';

/** All that have a name; they refer to each other by it. */
function schemas(): JsonObject {
  const { schemas: made } = z.toJSONSchema(NAMED, { io: 'input', uri: (id) => `${SCHEMAS}${id}` });
  // Within the one document a name is enough: neither the dialect nor an address of each its own.
  return Object.fromEntries(Object.entries(made).map(([id, { $schema: _, $id: __, ...own }]) => [id, own as JsonObject]));
}

/** Of one with a name, or of some of which the answer is one. */
function schemaOf(schema: z.ZodType): JsonObject & { readonly $ref?: string } {
  const id = NAMED.get(schema)?.id;
  if (id !== undefined) return { $ref: `${SCHEMAS}${id}` };
  return { anyOf: schema instanceof z.ZodUnion ? schema.options.map((one) => schemaOf(one as z.ZodType)) : [] };
}

function success(schema: z.ZodType): JsonObject {
  return { description: 'schemaVersion 1.', content: { 'application/json': { schema: schemaOf(schema) } } };
}

function failure(description: string): JsonObject {
  return { description, content: { 'application/json': { schema: schemaOf(problem) } } };
}

function parametersOf(parameters: z.ZodObject, isInPath: (name: string) => boolean): JsonObject[] {
  const schema = z.toJSONSchema(parameters, { io: 'input', unrepresentable: 'any' }) as { properties?: JsonObject; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([name, own]) => {
    const inPath = isInPath(name);
    return { name, in: inPath ? 'path' : 'query', required: inPath || schema.required?.includes(name) === true, schema: own };
  });
}

function operation({ api, summary, parameters, says }: Route): JsonObject {
  return {
    summary,
    parameters: parametersOf(parameters, (name) => new RegExp(`:${name}(?:[/{]|$)`).test(api)),
    responses: {
      200: success(says),
      400: failure('A parameter is wrong.'),
      401: failure('A token is needed.'),
      404: failure('Nothing is known by that name.'),
      503: failure('Not ready yet, or too much at once: ask again after Retry-After seconds.'),
    },
  };
}
