/** Remembers the credentials that calls hand out, so that later calls are recorded under their holder's name. */
import { isObject } from '../../../src/pointer.ts';
import { assumedRole, type Caller, type Callers, iamUser } from './callers.ts';
import type { Answer, Call } from './record.ts';
import { find, parseXml } from './xml.ts';

export function rememberCredentials(callers: Callers, call: Call, answer: Answer, now: Date): void {
  if (answer.status !== 200) return;
  if (call.action === 'AssumeRole') rememberSession(callers, call, answer, now);
  if (call.action === 'CreateAccessKey') rememberKey(callers, call, answer);
}

function rememberSession(callers: Callers, call: Call, answer: Answer, now: Date): void {
  const root = parseXml(answer.body);
  const accessKeyId = find(root, 'AccessKeyId')?.text ?? '';
  const [roleId = '', session = ''] = (find(root, 'AssumedRoleId')?.text ?? '').split(':');
  const roleArn = String(call.parameters.RoleArn ?? '');
  const account = roleArn.split(':')[4] ?? '';
  const names = roleArn.split(':role/')[1]?.split('/') ?? [];
  const role = names.pop() ?? '';
  const sourceIdentity = call.parameters.SourceIdentity ?? inherited(call.caller);
  const identity = assumedRole({
    account,
    role,
    path: names.length === 0 ? '/' : `/${names.join('/')}/`,
    roleId,
    session,
    accessKeyId,
    since: `${now.toISOString().slice(0, 19)}Z`,
    ...(typeof sourceIdentity === 'string' ? { sourceIdentity } : {}),
  });
  callers.add(accessKeyId, { account, identity, sourceIp: call.caller.sourceIp, console: false, emulatorKey: accessKeyId });
}

/** A source identity goes with every role assumed after it was set. */
function inherited(caller: Caller): unknown {
  const context = caller.identity.sessionContext;
  return isObject(context) ? context.sourceIdentity : undefined;
}

function rememberKey(callers: Callers, call: Call, answer: Answer): void {
  const root = parseXml(answer.body);
  const accessKeyId = find(root, 'AccessKeyId')?.text ?? '';
  const name = find(root, 'UserName')?.text ?? '';
  const { account, sourceIp, emulatorKey } = call.caller;
  const userId = `AIDA${Buffer.from(`${account}${name}`).toString('hex').toUpperCase().slice(0, 16)}`;
  callers.add(accessKeyId, { account, identity: iamUser({ account, name, userId, accessKeyId }), sourceIp, console: false, emulatorKey });
}
