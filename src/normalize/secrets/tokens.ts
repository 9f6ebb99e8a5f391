/** Tokens that show what they are: issuers gave them a prefix or a fixed shape. */
import type { SecretPattern } from './types.ts';
import { entropy } from './values.ts';

const EDGE = '(?<![A-Za-z0-9])';

/** A prefix and the characters that follow it. */
function prefixed(id: string, prefix: string, rest: string, words: readonly string[] = [prefix.toLowerCase()]): SecretPattern {
  return { id, words, pattern: new RegExp(`${EDGE}(?<secret>${prefix}${rest})`, 'gd') };
}

/** Capitals, small letters and digits in no order: a word or a hash is not like that. */
function isMixed(token: string): boolean {
  return /[a-z]/.test(token) && /[A-Z]/.test(token) && /\d/.test(token) && entropy(token) >= 3.8;
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

export const TOKENS: readonly SecretPattern[] = [
  prefixed('aws-session-token', '(?:FwoGZXIvYXdz|IQoJb3JpZ2lu|FQoGZXIvYXdz|FQoDYXdz)', '[A-Za-z0-9+/=]{80,}', [
    'zxivyxdz',
    'iqojb3jpz2lu',
    'fqodyxdz',
  ]),
  prefixed('gcp-api-key', 'AIza', '[\\w-]{35}'),
  prefixed('gcp-oauth-token', 'ya29\\.', '[\\w.-]{20,}', ['ya29.']),
  prefixed('gcp-client-secret', 'GOCSPX-', '[\\w-]{20,}'),
  { id: 'azure-client-secret', words: ['q~'], pattern: /(?<![\w~.-])(?<secret>[\w~.-]{3}\dQ~[\w~.-]{31,34})/dg },
  { id: 'azure-sas', words: ['sig='], pattern: /[?&;]sig=(?<secret>[\w%+/=-]{20,})/dg },
  prefixed('github-token', 'gh[pousr]_', '[A-Za-z0-9]{30,255}', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']),
  prefixed('github-fine-grained', 'github_pat_', '\\w{22,}'),
  prefixed('gitlab-token', 'gl(?:pat|ptt|dt|rt|oas|cbt|soat|imt|ft|agent|ffct)-', '[\\w.-]{16,}', [
    'glpat-',
    'glptt-',
    'gldt-',
    'glrt-',
    'gloas-',
    'glcbt-',
    'glsoat-',
    'glimt-',
    'glft-',
    'glagent-',
    'glffct-',
  ]),
  prefixed('gitlab-runner', 'GR1348941', '[\\w-]{20,}'),
  prefixed('slack-token', '(?:xox[abceoprs]|xapp)-', '[\\w.-]{10,}', ['xox', 'xapp-']),
  {
    id: 'slack-webhook',
    words: ['hooks.slack.com'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(?<secret>[\w/-]{20,})/dg,
  },
  { id: 'teams-webhook', words: ['webhook'], pattern: /webhook\.office\.com\/webhookb2\/(?<secret>[\w@/-]{30,})/dg },
  { id: 'discord-webhook', words: ['/api/webhooks/'], pattern: /\/api\/webhooks\/\d+\/(?<secret>[\w-]{40,})/dg },
  { id: 'discord-token', words: ['.'], pattern: /(?<![\w.])(?<secret>[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,38})(?![\w.])/dg },
  { id: 'telegram-token', words: [':aa'], pattern: /(?<![\w:])(?<secret>\d{8,10}:AA[\w-]{32,34})(?![\w-])/dg },
  prefixed('stripe-key', '(?:sk|rk)_(?:live|test)_', '[A-Za-z0-9]{16,}', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_']),
  prefixed('webhook-secret', 'whsec_', '[A-Za-z0-9+/=]{20,}'),
  prefixed('npm-token', 'npm_', '[A-Za-z0-9]{36}'),
  prefixed('pypi-token', 'pypi-AgE', '[\\w-]{40,}'),
  prefixed('rubygems-token', 'rubygems_', '[0-9a-f]{40,}'),
  prefixed('crates-token', 'cio', '[A-Za-z0-9]{32}(?![A-Za-z0-9])'),
  prefixed('docker-token', 'dckr_(?:pat|oat)_', '[\\w-]{20,}', ['dckr_']),
  { id: 'jwt', words: ['eyj'], pattern: /(?<![\w-])(?<secret>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)/dg },
  { id: 'jwe', words: ['eyj'], pattern: /(?<![\w-])(?<secret>eyJ[\w-]{8,}\.[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})/dg },
  { id: 'sendgrid', words: ['sg.'], pattern: /(?<![\w.])(?<secret>SG\.[\w-]{16,32}\.[\w-]{16,64})/dg },
  prefixed('mailgun', 'key-', '[0-9a-f]{32}(?![0-9a-f])'),
  { id: 'mailchimp', words: ['-us'], pattern: /(?<![0-9a-f])(?<secret>[0-9a-f]{32}-us\d{1,2})(?!\d)/dg },
  prefixed('shopify', 'shp(?:at|ca|pa|ss)_', '[0-9a-fA-F]{32}', ['shpat_', 'shpca_', 'shppa_', 'shpss_']),
  prefixed('digitalocean', 'do[oprt]_v1_', '[0-9a-f]{32,}', ['_v1_']),
  prefixed('heroku', 'HRKU-', '[\\w-]{30,}'),
  prefixed('vault', 'hv[bsr]\\.', '[\\w-]{20,}', ['hvs.', 'hvb.', 'hvr.']),
  { id: 'terraform-cloud', words: ['.atlasv1.'], pattern: /(?<![\w.])(?<secret>[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,})/dg },
  prefixed('databricks', 'dapi', '[0-9a-f]{32}(?:-\\d)?'),
  prefixed('doppler', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.', '[\\w.]{30,}', ['dp.']),
  prefixed('newrelic', 'NR(?:AK|II|JS|AA)-', '[\\w-]{20,}', ['nrak-', 'nrii-', 'nrjs-', 'nraa-']),
  prefixed('grafana', 'gl(?:sa|c)_', '[\\w=+/]{30,}', ['glsa_', 'glc_']),
  prefixed('sentry', 'sntry[sua]_', '[\\w=+/]{30,}', ['sntry']),
  prefixed('linear', 'lin_(?:api|oauth)_', '[A-Za-z0-9]{30,}', ['lin_']),
  prefixed('notion', '(?:ntn|secret)_', '[A-Za-z0-9]{40,}', ['ntn_', 'secret_']),
  prefixed('ai-key', 'sk-(?:ant-|proj-|svcacct-|or-v1-)?', '(?=[\\w-]*\\d)(?=[\\w-]*[A-Za-z])[\\w-]{32,}', ['sk-']),
  prefixed('huggingface', 'hf_', '[A-Za-z]{30,}'),
  prefixed('atlassian', 'ATATT3', '[\\w=-]{50,}'),
  prefixed('atlassian-app', 'ATCTT3', '[\\w=-]{50,}'),
  prefixed('bitbucket', 'ATBB', '[A-Za-z0-9]{24,}'),
  prefixed('square', 'sq0(?:atp|csp|idp)-', '[\\w-]{22,}', ['sq0']),
  prefixed('paypal', 'access_token\\$(?:production|sandbox)\\$', '[\\w$]{20,}', ['access_token$']),
  prefixed('age', 'AGE-SECRET-KEY-1', '[A-Z0-9]{40,}'),
  prefixed('tailscale', 'tskey-', '[\\w-]{16,}'),
  prefixed('fly', 'fm[12]_', '[\\w+/=]{40,}', ['fm1_', 'fm2_']),
  prefixed('supabase', 'sb[ps]_', '[0-9a-z_]{30,}', ['sbp_', 'sbs_', 'sb_']),
  prefixed('planetscale', 'pscale_(?:tkn|pw|oauth)_', '[\\w=-]{30,}', ['pscale_']),
  prefixed('postman', 'PMAK-', '[0-9a-f-]{40,}'),
  prefixed('pulumi', 'pul-', '[0-9a-f]{40}'),
  prefixed('artifactory', 'AKCp[0-9]', '[A-Za-z0-9]{60,}', ['akcp']),
  prefixed('artifactory-reference', 'cmVmdGtu', '[A-Za-z0-9]{50,}'),
  prefixed('dynatrace', 'dt0[a-z]01\\.', '[A-Z0-9]{24}\\.[A-Z0-9]{64}', ['dt0']),
  prefixed('twilio', 'SK', '[0-9a-f]{32}(?![0-9a-f])', ['sk']),
  prefixed('buildkite', 'bk(?:ua|ct|aj)_', '[0-9a-f]{40}', ['bkua_', 'bkct_', 'bkaj_']),
  prefixed('sonar', 'sq[pua]_', '[0-9a-f]{40}', ['sqp_', 'squ_', 'sqa_']),
  prefixed('openshift', 'sha256~', '[\\w-]{43}'),
  prefixed('alibaba', 'LTAI', '[A-Za-z0-9]{20}(?![A-Za-z0-9])'),
  prefixed('age-plugin', 'AGE-PLUGIN-[A-Z]+-1', '[A-Z0-9]{40,}', ['age-plugin-']),
  prefixed('airtable', 'pat[A-Za-z0-9]{14}\\.', '[0-9a-f]{64}', ['pat']),
  prefixed('mapbox', 'sk\\.eyJ', '[\\w-]{20,}\\.[\\w-]{16,}', ['sk.eyj']),
  prefixed('hubspot', 'pat-(?:na|eu|ap)\\d-', UUID, ['pat-']),
  prefixed('launchdarkly', '(?:sdk|mob|api)-', UUID, ['sdk-', 'mob-', 'api-']),
  // Issuers that nobody listed: a short name, an underscore and a long mixed run. Names made by CloudFormation have hyphens.
  {
    id: 'prefixed-run',
    words: ['_'],
    pattern: /(?<![\w/+.=-])(?<secret>[A-Za-z][A-Za-z0-9]{1,9}_(?:[A-Za-z0-9]{1,24}_)?[A-Za-z0-9]{30,})(?![\w/+.=-])/dg,
    accept: isMixed,
  },
  {
    id: 'long-run',
    words: [''],
    pattern: /(?<![\w/+.=-])(?<secret>(?:[a-z]{2,4}\.)?(?!AAAA)[A-Za-z0-9_]{100,500})(?![\w/+.=-])/dg,
    accept: isMixed,
  },
];
