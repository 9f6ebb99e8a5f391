/** All commands, in the order of the help. Each file registers one and imports its work only when it runs. */
import { attribute } from './attribute.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { coverage } from './coverage.ts';
import { daemon } from './daemon.ts';
import { doctor } from './doctor.ts';
import { events } from './events.ts';
import { hooks } from './hooks.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { notify } from './notify.ts';
import { permissions } from './permissions.ts';
import { quickstart } from './quickstart.ts';
import { report } from './report.ts';
import { schema } from './schema.ts';
import type { Registration } from './session.ts';
import { show } from './show.ts';
import { snapshot } from './snapshot.ts';
import { undo } from './undo.ts';
import { why } from './why.ts';

export const commands: readonly Registration[] = [
  quickstart,
  init,
  snapshot,
  daemon,
  report,
  show,
  log,
  why,
  undo,
  check,
  events,
  attribute,
  coverage,
  notify,
  hooks,
  doctor,
  permissions,
  schema,
  completion,
];
