/** A write as CloudTrail records it. */

export const ACCOUNT = '123456789012';

export function writeRecord(eventID: string, more: object = {}): object {
  return {
    eventID,
    eventTime: '2026-07-01T10:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DeleteRoute',
    awsRegion: 'eu-west-1',
    recipientAccountId: ACCOUNT,
    readOnly: false,
    userIdentity: { type: 'IAMUser', userName: 'alice' },
    ...more,
  };
}
