/** Virtual MFA devices and whose they are. */
import { type Cli, given } from '../../_aws/cli.ts';
import { note } from '../../_shell/words.ts';
import { iamKind } from '../definition.ts';
import { defined, entriesOf, omit, textOf } from '../document.ts';
import { restoreTags, tagArgument, tagsOf } from './principal.ts';

/** `arn:aws:iam::123456789012:mfa/alice` → `alice`. */
function deviceId(serial: string): string {
  const at = serial.indexOf(':mfa/');
  return at < 0 ? serial : serial.slice(at + ':mfa/'.length);
}

/** A person must read the codes from the device. */
const CODES = { 'authentication-code1': given('CODE1'), 'authentication-code2': given('CODE2') };

export function enableDevice(cli: Cli, user: string, serial: string | undefined): string[] {
  return [
    note('set CODE1 and CODE2 to two codes of the device, one after the other, first'),
    cli('iam enable-mfa-device', { 'user-name': user, 'serial-number': serial, ...CODES }),
  ];
}

export const mfaDevice = iamKind({
  type: 'mfa-device',
  title: 'MFA device',
  actions: ['ListVirtualMFADevices', 'ListMFADeviceTags'],
  list: async (reader) => {
    const devices = await reader.all('ListVirtualMFADevices', 'VirtualMFADevices', { MaxItems: 1000 });
    return reader.each(devices, async (device) => {
      const serialNumber = textOf(device, 'serialNumber') ?? '';
      const tags = await reader.all('ListMFADeviceTags', 'Tags', { SerialNumber: serialNumber });
      return {
        id: deviceId(serialNumber),
        config: defined({
          // The user's own data, when they last used the password among it, stands with the user. A seed is told once, when
          // the device is made; whatever answers with one again, it is not kept.
          ...omit(device, 'user', 'tags', 'base32StringSeed', 'qRCodePNG'),
          // The root user has an ARN and no name.
          userName: textOf(device, 'user', 'userName'),
          userArn: textOf(device, 'user', 'arn'),
          tags: tagsOf({ tags }),
        }),
      };
    });
  },
  undo: {
    created: (cli, _id, after) => {
      const serial = { 'serial-number': textOf(after, 'serialNumber') };
      const owner = textOf(after, 'userName');
      return [
        ...(owner === undefined ? [] : [cli('iam deactivate-mfa-device', { 'user-name': owner, ...serial })]),
        cli('iam delete-virtual-mfa-device', serial),
      ];
    },
    // The seed is gone with the device: a new one must be scanned.
    deleted: (cli, before, id) => {
      const owner = textOf(before, 'userName');
      return [
        cli('iam create-virtual-mfa-device', {
          'virtual-mfa-device-name': id.split('/').at(-1),
          path: id.includes('/') ? `/${id.slice(0, id.lastIndexOf('/') + 1)}` : undefined,
          outfile: 'mfa.png',
          'bootstrap-method': 'QRCodePNG',
          tags: tagArgument(entriesOf(before, 'tags')),
        }),
        note('the old seed is gone: scan the new one in mfa.png, then delete that file'),
        ...(owner === undefined ? [] : enableDevice(cli, owner, textOf(before, 'serialNumber'))),
      ];
    },
    modified: (cli, change) => {
      const serial = { 'serial-number': textOf(change.before, 'serialNumber') };
      const [was, is] = [textOf(change.before, 'userName'), textOf(change.after, 'userName')];
      return [
        ...(was === is || is === undefined ? [] : [cli('iam deactivate-mfa-device', { 'user-name': is, ...serial })]),
        ...(was === is || was === undefined ? [] : enableDevice(cli, was, textOf(change.before, 'serialNumber'))),
        ...restoreTags(cli, 'mfa-device', serial, change),
      ];
    },
  },
});
