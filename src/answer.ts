/** Answers the alert of a monitor: what changed before, told to the outlets that answer. */
import type { Deployment } from './deployment.ts';
import { composeAnswer } from './notify/message.ts';
import type { Alert } from './pipeline/alert.ts';
import { linkBefore } from './pipeline/links.ts';
import { outboxOf } from './pipeline/outlet.ts';
import type { Suspect } from './pipeline/timeline.ts';

export interface Answered {
  readonly alert: Alert;
  readonly from: string;
  readonly suspects: readonly Suspect[];
}

/** Into the outbox, once an alert however often it is told. Resolves to the outlets that have it now and had not before. */
export async function tellAnswer(deployment: Deployment, { alert, from, suspects }: Answered): Promise<readonly string[]> {
  const { config, hooks } = deployment;
  // What somebody has set aside is told to nobody.
  const findings = suspects.flatMap(({ finding }) => (finding.ignored === undefined ? [finding] : []));
  const message = composeAnswer({ alert, from, findings, link: linkBefore(config.baseUrl, from, alert.at) });
  const outbox = outboxOf(deployment);
  const told: string[] = [];
  for (const hook of hooks) {
    // One that answers at the place of the alert answers its own alone.
    const fits = hook.hook.answer === undefined || alert.source === hook.hook.name;
    const { outlet } = hook;
    if (hook.speaking.answers && fits && (await outbox.add(outlet, message))) told.push(outlet);
  }
  return told;
}
