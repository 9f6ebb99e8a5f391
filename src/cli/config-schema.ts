/** Joins the configuration's schema with those of the built-in plug-ins: `use: aws` then knows the options of aws. */
import { z } from 'zod';
import { configSchema } from '../config/schema.ts';
import { builtins, loadPlugin, type PluginType } from '../plugins.ts';

type JsonSchema = { [key: string]: unknown; properties?: Record<string, JsonSchema>; items?: JsonSchema };

const PLUGINS = { exporters: 'exporters', trail: 'trails', hooks: 'hooks' } as const satisfies Record<string, PluginType>;

/** `dir` is where npm packages would be looked up; built-ins need none. */
export async function configJsonSchema(dir: string): Promise<JsonSchema> {
  const base = toSchema(configSchema);
  const properties = { ...base.properties };
  for (const [key, type] of Object.entries(PLUGINS)) {
    const list = properties[key];
    if (list?.items !== undefined) properties[key] = { ...list, items: await withPlugins(list.items, type, dir) };
  }
  return { ...base, title: 'drifttrail.yaml', properties };
}

/** The entry as the core sees it, and for each built-in name that name's options as well. */
async function withPlugins(entry: JsonSchema, type: PluginType, dir: string): Promise<JsonSchema> {
  const allOf = await Promise.all(
    builtins(type).map(async (use) => {
      const plugin = await loadPlugin(type, use, dir);
      const { properties, required } = toSchema(plugin.options);
      return {
        if: { properties: { use: { const: use } }, required: ['use'] },
        // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
        then: {
          description: plugin.summary,
          ...(properties === undefined ? {} : { properties }),
          ...(required === undefined ? {} : { required }),
        },
      };
    }),
  );
  return { ...entry, ...(allOf.length === 0 ? {} : { allOf }) };
}

function toSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}
