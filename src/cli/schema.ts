/** `drifttrail schema`: the JSON Schema of drifttrail.yaml with the options of every built-in plug-in, for editors. */
import { examples } from './help.ts';
import { type GlobalOptions, outJson, type Registration } from './session.ts';

export const schema: Registration = (self, session) => {
  self
    .addHelpText(
      'before',
      examples([
        'drifttrail schema > drifttrail.schema.json',
        'editors find it by: # yaml-language-server: $schema=drifttrail.schema.json',
      ]),
    )
    .option('--json', 'the output is JSON anyway')
    .action(async (_own: unknown, command) => {
      const { dir }: GlobalOptions = command.optsWithGlobals();
      const { configJsonSchema } = await import('./config-schema.ts');
      await outJson(session, await configJsonSchema(dir));
    });
};
