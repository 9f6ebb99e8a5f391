/** The configuration that `init` writes: it works as it is, and shows the rest in comments. */

export function configTemplate(): string {
  return `# What drifttrail watches, whom it tells. Every key: drifttrail schema. Check it: drifttrail doctor.
# Secrets are never written here: env:NAME or file:PATH says where they are.

exporters:
  # This machine: files under /etc and facts (packages, users, listening sockets, mounts, limits).
  - use: host
    # files: [etc]
    # schedule: "*/5 * * * *"        # for the daemon; minute hour day month weekday

  # AWS: networks and identities. What it needs: drifttrail permissions
  # - use: aws
  #   accounts: [{ profile: prod }, { roleArn: "arn:aws:iam::123456789012:role/drifttrail" }]
  #   regions: enabled

# Where audit events come from. Default: what each exporter suggests (AWS: CloudTrail's event history).
# trail:
#   - use: linux-audit                 # who changed this machine: its audit log; the rules to load: drifttrail doctor
#   - use: s3
#     bucket: org-trail

# Who is told, from which threat level on: chats, mail, on call, issues, logs, monitoring. Try one: drifttrail hooks test
# hooks:
#   - use: slack
#     url: env:SLACK_WEBHOOK_URL
#     from: high

# Pushed after each commit, notes too.
# remote: git@git.example.com:ops/snapshots.git

# Kept in the history, left out of the report. Each needs a reason.
# ignore:
#   - { kind: host.package, path: "$.version", reason: "unattended upgrades", until: 2027-01-31 }
`;
}
