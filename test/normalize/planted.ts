/** Secrets made from a seed, so that no real-looking token stands in the repository, and the places they are found in. */

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
export const ALNUM = UPPER + LOWER + DIGITS;
export const HEX = '0123456789abcdef';
const BASE64 = `${ALNUM}+/`;

/** A small deterministic generator (mulberry32). */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export function chars(random: (below: number) => number, length: number, alphabet = ALNUM): string {
  return Array.from({ length }, () => alphabet[random(alphabet.length)]).join('');
}

export interface Planted {
  readonly name: string;
  /** The text with every secret in it. */
  readonly text: string;
  /** What must not be in the result. */
  readonly secrets: readonly string[];
  readonly hint?: string;
}

export type Make = (secret: (length: number, alphabet?: string) => string) => { text: string; hint?: string };

function lines(secret: (length: number, alphabet?: string) => string, count: number, end = '\n'): string {
  return Array.from({ length: count }, () => secret(64, BASE64)).join(end);
}

/** The forms that the tables were written for. */
export const KNOWN: Readonly<Record<string, Make>> = {
  'pem rsa': (s) => ({ text: `-----BEGIN RSA PRIVATE KEY-----\n${lines(s, 6)}\n-----END RSA PRIVATE KEY-----\n` }),
  'pem pkcs8': (s) => ({ text: `x\n-----BEGIN PRIVATE KEY-----\n${lines(s, 4)}\n-----END PRIVATE KEY-----\ny` }),
  'pem encrypted with CRLF': (s) => ({
    text: `-----BEGIN ENCRYPTED PRIVATE KEY-----\r\n${lines(s, 4, '\r\n')}\r\n-----END ENCRYPTED PRIVATE KEY-----\r\n`,
  }),
  'pem ec': (s) => ({ text: `-----BEGIN EC PRIVATE KEY-----\n${lines(s, 2)}\n-----END EC PRIVATE KEY-----` }),
  'pem cut off': (s) => ({ text: `-----BEGIN RSA PRIVATE KEY-----\n${lines(s, 3)}` }),
  'pem in JSON': (s) => ({ text: JSON.stringify({ pem: `-----BEGIN PRIVATE KEY-----\n${lines(s, 3)}\n-----END PRIVATE KEY-----\n` }) }),
  'pem in YAML': (s) => ({
    text: `tls:\n  cert: |\n    -----BEGIN PRIVATE KEY-----\n    ${lines(s, 3, '\n    ')}\n    -----END PRIVATE KEY-----\nnext: 1\n`,
  }),
  openssh: (s) => ({ text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines(s, 5)}\n-----END OPENSSH PRIVATE KEY-----\n` }),
  pgp: (s) => ({ text: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${lines(s, 5)}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n` }),
  putty: (s) => ({
    text: `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPublic-Lines: 1\nAAAAB3Nz\nPrivate-Lines: 2\n${lines(s, 2)}\nPrivate-MAC: ${s(64, HEX)}\n`,
  }),
  'openvpn static': (s) => ({
    text: `<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n${s(32, HEX)}\n${s(32, HEX)}\n-----END OpenVPN Static key V1-----\n</tls-auth>`,
  }),
  jwk: (s) => ({ text: `{"kty":"EC","crv":"P-256","d":"${s(43)}"}` }),
  'aws credentials file': (s) => ({
    text: `[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${s(40, BASE64)}\n`,
  }),
  'aws pair without names': (s) => ({ text: `use AKIAIOSFODNN7EXAMPLE ${s(40)} for now` }),
  'aws session token': (s) => ({ text: `export X=IQoJb3JpZ2lu${s(200, BASE64)}` }),
  'gcp api key': (s) => ({ text: `maps: AIza${s(35)}` }),
  'gcp service account': (s) => ({
    text: `{"type":"service_account","private_key_id":"x","private_key":"-----BEGIN PRIVATE KEY-----\\n${lines(s, 2, '\\n')}\\n-----END PRIVATE KEY-----\\n"}`,
  }),
  'azure storage connection': (s) => ({
    text: `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${s(86, BASE64)}==;EndpointSuffix=core.windows.net`,
  }),
  'azure client secret': (s) => ({ text: `value ${s(3)}8Q~${s(34)}` }),
  'azure sas': (s) => ({ text: `https://x.blob.core.windows.net/c?sv=2022&sp=r&sig=${s(43)}%3D` }),
  'github classic': (s) => ({ text: `git clone https://ghp_${s(36)}@github.com/a/b` }),
  'github fine': (s) => ({ text: `GH=github_pat_${s(82)}` }),
  gitlab: (s) => ({ text: `x glpat-${s(20)} y` }),
  'slack bot': (s) => ({ text: `xoxb-${s(12, DIGITS)}-${s(12, DIGITS)}-${s(24)}` }),
  'slack webhook': (s) => ({ text: `curl https://hooks.slack.com/services/T${s(8)}/B${s(8)}/${s(24)}` }),
  stripe: (s) => ({ text: `STRIPE=sk_live_${s(24)}` }),
  npm: (s) => ({ text: `//registry.npmjs.org/:_authToken=npm_${s(36)}` }),
  pypi: (s) => ({ text: `pypi-AgEIcHlwaS5vcmc${s(60)}` }),
  jwt: (s) => ({ text: `x eyJhbGciOiJIUzI1NiJ9.eyJ${s(30)}.${s(43)} y` }),
  sendgrid: (s) => ({ text: `SG.${s(22)}.${s(43)}` }),
  vault: (s) => ({ text: `hvs.${s(40)}` }),
  telegram: (s) => ({ text: `bot 123456789:AA${s(33)}` }),
  'postgres url': (s) => ({ text: `DATABASE_URL=postgres://app:${s(16)}@db.internal:5432/app?sslmode=require` }),
  'mongodb srv': (s) => ({ text: `mongodb+srv://u:${s(14)}@cluster0.mongodb.net/db` }),
  'redis without user': (s) => ({ text: `redis://:${s(20)}@10.0.0.5:6379/0` }),
  'amqp in JSON': (s) => ({ text: `{"broker":"amqp://guest:${s(12)}@mq/"}` }),
  'go mysql dsn': (s) => ({ text: `dsn: app:${s(12)}@tcp(10.0.0.1:3306)/app` }),
  'jdbc with password': (s) => ({ text: `jdbc:mysql://h/db?user=a&password=${s(12)}&x=1` }),
  'ado.net': (s) => ({ text: `Server=db;Database=x;User Id=sa;Password=${s(14)};Encrypt=true` }),
  'basic auth url': (s) => ({ text: `proxy = http://user:${s(10)}@proxy.corp:3128` }),
  ini: (s) => ({ text: `[db]\npassword = ${s(9)}\n` }),
  'ini quoted': (s) => ({ text: `db_password="${s(6)} ${s(5)}"\n` }),
  'env export': (s) => ({ text: `export API_TOKEN='${s(12)}'\n` }),
  'dockerfile env': (s) => ({ text: `ENV SECRET_KEY_BASE=${s(30)}\n` }),
  'systemd environment': (s) => ({ text: `Environment="DB_PASSWORD=${s(10)}"\n` }),
  yaml: (s) => ({ text: `db:\n  password: ${s(10)}\n  host: x\n` }),
  'yaml block': (s) => ({ text: `secret: |\n  ${s(10)}\n  ${s(12)}\nother: 1\n` }),
  json: (s) => ({ text: `{"clientSecret": "${s(20)}", "port": 1}` }),
  'json escaped quote': (s) => ({ text: `{"password": "${s(6)}\\"${s(6)}"}` }),
  'json in json': (s) => ({ text: JSON.stringify({ doc: JSON.stringify({ password: s(14) }) }) }),
  'xml element': (s) => ({ text: `<server><password>${s(9)}</password></server>` }),
  'xml attribute': (s) => ({ text: `<user username="tomcat" password="${s(9)}" roles="x"/>` }),
  'xml add key': (s) => ({ text: `<add key="ApiSecret" value="${s(16)}"/>` }),
  'hadoop property': (s) => ({ text: `<property><name>fs.s3a.secret.key</name><value>${s(16)}</value></property>` }),
  php: (s) => ({ text: `$db['default']['password'] = '${s(10)}';` }),
  'php define': (s) => ({ text: `define('DB_PASSWORD', '${s(10)}');` }),
  shadow: (s) => ({ text: `root:$6$${s(8)}$${s(86)}:19000:0:99999:7:::\nbin:*:1::::::\n`, hint: 'etc/shadow' }),
  'shadow yescrypt': (s) => ({ text: `u:!$y$j9T$${s(20)}$${s(43)}:19000::::::\n`, hint: 'etc/shadow-' }),
  htpasswd: (s) => ({ text: `admin:$apr1$${s(8)}$${s(22)}\n`, hint: 'etc/nginx/.htpasswd' }),
  'htpasswd crypt': (s) => ({ text: `admin:${s(13)}\n`, hint: 'etc/apache2/htpasswd' }),
  'htpasswd sha': (s) => ({ text: `admin:{SHA}${s(27)}=\n`, hint: 'srv/users.htpasswd' }),
  'bcrypt anywhere': (s) => ({ text: `user $2b$12$${s(53)} x` }),
  argon2: (s) => ({ text: `h=$argon2id$v=19$m=65536,t=3,p=4$${s(22)}$${s(43)}` }),
  scram: (s) => ({ text: `SCRAM-SHA-256$4096:${s(22)}==$${s(43)}=:${s(43)}=` }),
  'snmp community': (s) => ({ text: `rocommunity ${s(9)} 10.0.0.0/8\n`, hint: 'etc/snmp/snmpd.conf' }),
  'snmp com2sec': (s) => ({ text: `com2sec readonly default ${s(9)}\n` }),
  'snmp v3 user': (s) => ({ text: `createUser bob SHA "${s(10)}" AES ${s(10)}\n` }),
  'cisco snmp': (s) => ({ text: `snmp-server community ${s(9)} RO\n` }),
  'cisco enable': (s) => ({ text: `enable secret 5 $1$${s(4)}$${s(22)}\nusername joe privilege 15 password 7 ${s(16, HEX)}\n` }),
  'wifi psk': (s) => ({ text: `network={\n  ssid="home"\n  psk="${s(12)}"\n}\n`, hint: 'etc/wpa_supplicant/wpa_supplicant.conf' }),
  'network manager': (s) => ({
    text: `[wifi-security]\nkey-mgmt=wpa-psk\npsk=${s(12)}\n`,
    hint: 'etc/NetworkManager/system-connections/x.nmconnection',
  }),
  hostapd: (s) => ({ text: `wpa=2\nwpa_passphrase=${s(12)}\n` }),
  wireguard: (s) => ({ text: `[Interface]\nPrivateKey = ${s(43, BASE64)}=\n[Peer]\nPresharedKey = ${s(43, BASE64)}=\n` }),
  'ipsec psk': (s) => ({ text: `10.0.0.1 10.0.0.2 : PSK "${s(16)}"\n`, hint: 'etc/ipsec.secrets' }),
  'ppp chap': (s) => ({ text: `joe * ${s(9)} *\n`, hint: 'etc/ppp/chap-secrets' }),
  pgpass: (s) => ({ text: `db:5432:*:app:${s(12)}\n`, hint: 'root/.pgpass' }),
  netrc: (s) => ({ text: `machine api.example.com login joe password ${s(12)}\n` }),
  'redis conf': (s) => ({ text: `port 6379\nrequirepass ${s(20)}\n` }),
  'bind key': (s) => ({ text: `key "rndc-key" { algorithm hmac-sha256; secret "${s(43, BASE64)}="; };` }),
  'sql identified': (s) => ({ text: `CREATE USER 'a'@'%' IDENTIFIED BY '${s(12)}';` }),
  'sql alter role': (s) => ({ text: `ALTER ROLE app WITH ENCRYPTED PASSWORD '${s(12)}';` }),
  'curl -u': (s) => ({ text: `0 * * * * curl -s -u joe:${s(12)} https://x/y` }),
  'command line option': (s) => ({ text: `ExecStart=/usr/bin/app --db-password ${s(12)} --verbose` }),
  'command line equals': (s) => ({ text: `app --api-key=${s(16)} run` }),
  'mysql -p': (s) => ({ text: `mysqldump -u root -p${s(12)} app > /b.sql` }),
  authorization: (s) => ({ text: `curl -H "Authorization: Bearer ${s(32)}" https://x` }),
  'authorization basic': (s) => ({ text: `Authorization: Basic ${s(24)}==` }),
  'api key header': (s) => ({ text: `proxy_set_header X-Api-Key ${s(24)};` }),
  'kubernetes secret': (s) => ({
    text: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  one: ${s(16)}\n  two: ${s(16)}\ntype: Opaque\n`,
  }),
  'kubernetes env': (s) => ({ text: `env:\n  - name: DB_PASSWORD\n    value: ${s(12)}\n` }),
  'user-data': (s) => ({ text: Buffer.from(`#!/bin/sh\nexport DB_PASSWORD=${s(12)}\n`).toString('base64') }),
  'haproxy stats': (s) => ({ text: `  stats auth admin:${s(12)}\n` }),
  keepalived: (s) => ({ text: `  authentication {\n    auth_type PASS\n    auth_pass ${s(8)}\n  }\n` }),
  'grub password': (s) => ({ text: `password_pbkdf2 root grub.pbkdf2.sha512.10000.${s(64, HEX)}.${s(64, HEX)}\n` }),
  'ldap bind': (s) => ({ text: `binddn cn=x\nbindpw ${s(12)}\n` }),
  'postfix sasl': (s) => ({ text: `[smtp.example.com]:587 user:${s(12)}\n`, hint: 'etc/postfix/sasl_passwd' }),
  'cifs credentials': (s) => ({ text: `username=x\npassword=${s(12)}\n`, hint: 'etc/samba/.smbcredentials' }),
  'fstab option': (s) => ({ text: `//srv/x /mnt cifs username=u,password=${s(12)},uid=0 0 0\n` }),
  'in a description': (s) => ({ text: `temp access, password: ${s(12)}` }),
};

/** Forms that no table row was written for. */
export const UNSEEN: Readonly<Record<string, Make>> = {
  toml: (s) => ({ text: `[auth]\njwt_secret = "${s(24)}"\n` }),
  'properties with dots': (s) => ({ text: `spring.datasource.hikari.password=${s(12)}\n` }),
  'camel in yaml': (s) => ({ text: `smtp:\n  authPassword: "${s(12)}"\n` }),
  lua: (s) => ({ text: `local opts = { api_token = "${s(20)}" }` }),
  'ruby hash rocket': (s) => ({ text: `:password => '${s(12)}',` }),
  'ruby symbols': (s) => ({ text: `config secret_key_base: '${s(32)}'` }),
  'python kwargs': (s) => ({ text: `connect(host='x', passwd='${s(12)}')` }),
  'terraform var': (s) => ({ text: `variable "x" {}\nmaster_password = "${s(16)}"\n` }),
  'nginx secret link': (s) => ({ text: `set $auth_token "${s(24)}";` }),
  'windows registry': (s) => ({ text: `"DefaultPassword"="${s(12)}"` }),
  plist: (s) => ({ text: `<dict><key>AdminPassword</key><string>${s(12)}</string></dict>` }),
  'url query token': (s) => ({ text: `callback https://x.example/y?access_token=${s(24)}&z=1` }),
  'docker auth': (s) => ({
    text: `{"auths":{"https://index.docker.io/v1/":{"auth":"${Buffer.from(`joe:${s(20)}`).toString('base64')}"}}}`,
  }),
  'kubeconfig token': (s) => ({ text: `users:\n- name: a\n  user:\n    token: ${s(40)}\n` }),
  'kubeconfig key data': (s) => ({ text: `    client-key-data: ${s(120, BASE64)}\n` }),
  'k8s stringData block': (s) => ({ text: `kind: Secret\nstringData:\n  config.ini: |\n    [a]\n    x=${s(12)}\n` }),
  'rsyncd secrets': (s) => ({ text: `backup:${s(12)}\n`, hint: 'etc/rsyncd.secrets' }),
  'ansible inventory': (s) => ({ text: `web1 ansible_host=10.0.0.1 ansible_become_pass=${s(12)} x=1` }),
  'git config header': (s) => ({ text: `extraheader = AUTHORIZATION: basic ${s(40)}` }),
  'cron env': (s) => ({ text: `PGPASSWORD=${s(12)} pg_dump -h x` }),
  'openssl pass': (s) => ({ text: `openssl rsa -passin pass:${s(12)} -in k` }),
  sshpass: (s) => ({ text: `sshpass -p ${s(12)} ssh x` }),
  kickstart: (s) => ({ text: `rootpw --plaintext ${s(12)}\n` }),
  'cloud-config chpasswd': (s) => ({ text: `#cloud-config\npassword: ${s(12)}\nchpasswd: { expire: False }\n` }),
  'gzip base64': (s) => ({ text: `user_data: ${s(0)}${Buffer.from(`passphrase=${s(14)}\nmore=1\n`).toString('base64')}` }),
  datadog: (s) => ({ text: `api_key: ${s(32, HEX)}\n` }),
  erlang: (s) => ({ text: `{password, "${s(12)}"},` }),
  squid: (s) => ({ text: `cache_peer x parent 3128 0 login=joe:${s(12)}` }),
  tacacs: (s) => ({ text: `tacacs-server key 7 ${s(16, HEX)}\n` }),
  juniper: (s) => ({ text: `secret "$9$${s(20)}"; ## SECRET-DATA` }),
  mikrotik: (s) => ({ text: `/ppp secret add name=joe password=${s(12)} service=l2tp` }),
  fetchmail: (s) => ({ text: `poll mail.x proto imap user "joe" password "${s(12)}"` }),
  exim: (s) => ({ text: `client_send = : joe : ${s(12)}`, hint: 'etc/exim4/passwd.client' }),
  msmtp: (s) => ({ text: `account a\nuser joe\npassword ${s(12)}\n` }),
  freeradius: (s) => ({ text: `client x {\n  secret = ${s(12)}\n}\n` }),
  'radius cleartext': (s) => ({ text: `joe Cleartext-Password := "${s(12)}"` }),
  bareos: (s) => ({ text: `Director {\n  Password = "${s(20)}"\n}` }),
  zabbix: (s) => ({ text: `DBPassword=${s(12)}\nTLSPSKFile=/etc/x.psk\n` }),
  'grafana ini': (s) => ({ text: `;admin_password = ${s(12)}\n` }),
  consul: (s) => ({
    text: `{"encrypt_key":"${s(43, BASE64)}=","acl":{"tokens":{"agent":"${s(8, HEX)}-${s(4, HEX)}-${s(4, HEX)}-${s(4, HEX)}-${s(12, HEX)}"}}}`,
  }),
};

export function plant(forms: Readonly<Record<string, Make>>, seed: number): Planted[] {
  const random = randomOf(seed);
  return Object.entries(forms).map(([name, make]) => {
    const secrets: string[] = [];
    const { text, hint } = make((length, alphabet) => {
      const secret = chars(random, length, alphabet);
      if (length > 3) secrets.push(secret);
      return secret;
    });
    return hint === undefined ? { name, text, secrets } : { name, text, secrets, hint };
  });
}
