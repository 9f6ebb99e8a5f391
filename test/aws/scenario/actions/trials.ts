/** Every way in which a kind can change, as the trials make it, by anybody and in a place that others work in, too. */
import { trials } from '../../trials/index.ts';
import type { Service, Trial } from '../../trials/trial.ts';
import type { Act, Person } from '../stage.ts';

/** Names that an account may have once. */
const NAMES = [
  'UserName',
  'GroupName',
  'RoleName',
  'PolicyName',
  'InstanceProfileName',
  'VirtualMFADeviceName',
  'Name',
  'NewUserName',
  'NewGroupName',
];

export function trialActs(service: Service): Readonly<Record<string, Act>> {
  const own = trials.filter((trial) => trial.service === service);
  return Object.fromEntries(own.map((trial) => [`${trial.kind} ${trial.type}: ${trial.what}`, actOf(trial)]));
}

function actOf({ play }: Trial): Act {
  return async ({ place, person, random }) => {
    let acting: Person = person;
    const suffix = `-${random.hex(6)}`;
    const change = await play({
      account: place.account,
      ec2: relay(
        () => acting.clients.ec2(place.region),
        () => undefined,
      ),
      iam: relay(
        () => acting.clients.iam,
        (input) => rename(input, suffix),
      ),
    });
    if (random.chance(0.5)) {
      await change();
      return undefined;
    }
    // Later, and perhaps by somebody else.
    return (other) => {
      acting = other;
      return change();
    };
  };
}

interface Command {
  readonly input: Record<string, unknown>;
}

/** A client that sends as whoever acts now. */
function relay<C extends { send: unknown }>(current: () => C, prepare: (input: Command['input']) => void): C {
  return new Proxy(current(), {
    get: (_, key) => {
      const client = current() as C & { send: (command: Command) => unknown };
      if (key !== 'send') return Reflect.get(client, key);
      return (command: Command) => {
        prepare(command.input);
        return client.send(command);
      };
    },
  });
}

/** So that a trial finds its names free wherever it is played; a command that is sent again has them already. */
function rename(input: Command['input'], suffix: string): void {
  for (const name of NAMES) {
    const value = input[name];
    if (typeof value === 'string' && !value.endsWith(suffix)) input[name] = `${value}${suffix}`;
  }
}
