// A real Postfix in a folder of its own, as root, beside whatever Postfix the system runs.
import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findProgram,
  isRoot,
  type MailServerPlan,
  type MailServerProgram,
  makeFolder,
  readMaildir,
  readOrNothing,
  removeFolder,
  startDaemon,
  userIds,
} from './mail-server.ts'

const program = findProgram('/usr/sbin/postfix') ?? ''
const needed = program === '' ? 'needs Postfix (Debian package postfix)' : 'needs root, as Postfix does'

const messageLimit = 50_000
const boxLimit = 60_000

export const postfix: MailServerProgram = {
  missing: program !== '' && isRoot ? null : needed,
  async start(plan) {
    const folder = await makeFolder('postfix')
    const ids = await userIds('postfix')
    for (const name of ['queue', 'data', 'mail']) await mkdir(join(folder, name))
    for (const name of ['data', 'mail']) await chown(join(folder, name), ...ids)
    const log = join(folder, 'postfix.log')
    for (const [name, text] of Object.entries(filesOf(plan, folder, ids))) {
      await writeFile(join(folder, name), `${text}\n`)
    }
    if (plan.fullBox !== undefined) {
      // One file for all messages, as large as it may become.
      const box = join(folder, 'mail', plan.fullBox)
      await writeFile(box, 'x'.repeat(boxLimit - 1))
      await chown(box, ...ids)
    }
    const daemon = await startDaemon([program, '-c', folder, 'start-fg'], {
      port: plan.port,
      log,
      pidFile: join(folder, 'queue', 'pid', 'master.pid'),
    })
    return {
      url: `smtp://127.0.0.1:${plan.port}`,
      delivered: (box) => readMaildir(join(folder, 'mail', box)),
      log: () => readOrNothing(log),
      async close() {
        await daemon.stop()
        await removeFolder(folder)
      },
    }
  },
}

function filesOf(plan: MailServerPlan, folder: string, [uid, gid]: [number, number]): Record<string, string> {
  const { domain, fullBox, forwards = {}, routes = {} } = plan
  const map = (name: string) => `texthash:${join(folder, name)}`
  const settings: Readonly<Record<string, string | number>> = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: join(folder, 'postfix.log'),
    maillog_file_prefixes: folder,
    myhostname: `mx.${domain}`,
    myorigin: domain,
    mydestination: '',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.0/8',
    alias_maps: '',
    alias_database: '',
    smtpd_peername_lookup: 'no',
    relay_domains: map('transport'),
    transport_maps: map('transport'),
    virtual_mailbox_domains: domain,
    virtual_mailbox_base: join(folder, 'mail'),
    virtual_mailbox_maps: map('mailboxes'),
    virtual_mailbox_limit: boxLimit,
    message_size_limit: messageLimit,
    virtual_alias_maps: map('aliases'),
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    recipient_delimiter: '+',
    smtputf8_enable: plan.smtputf8 ? 'yes' : 'no',
    smtpd_recipient_restrictions: [
      'reject_unauth_destination',
      `check_recipient_access ${map('verified')}`,
      ...(plan.asksBack === true ? ['reject_unverified_sender'] : []),
    ].join(', '),
    unverified_recipient_reject_code: 550,
    smtp_tls_security_level: 'may',
    smtp_tls_loglevel: 1,
    address_verify_poll_delay: '1s',
    address_verify_poll_count: 20,
  }
  const boxes = plan.boxes.map((box) => `${box}@${domain} ${box}/`)
  if (fullBox !== undefined) boxes.push(`${fullBox}@${domain} ${fullBox}`)
  return {
    'main.cf': Object.entries(settings)
      .map(([name, value]) => `${name} = ${value}`)
      .join('\n'),
    'master.cf': `127.0.0.1:${plan.port} inet n - n - - smtpd\n${services}`,
    mailboxes: boxes.join('\n'),
    aliases: Object.entries(forwards)
      .map(([box, address]) => `${box}@${domain} ${address}`)
      .join('\n'),
    // Whom the listener does not take mail for is refused here already.
    verified: Object.entries(routes)
      .flatMap(([to, { protocol }]) => (protocol === 'lmtp' ? [`${to} reject_unverified_recipient`] : []))
      .join('\n'),
    transport: Object.entries(routes)
      .map(([to, { protocol, port }]) =>
        protocol === 'lmtp' ? `${to} lmtp:inet:127.0.0.1:${port}` : `${to} smtp:[127.0.0.1]:${port}`,
      )
      .join('\n'),
  }
}

// As Debian delivers them, without a chroot.
const services = `
pickup     unix  n - n 60    1 pickup
cleanup    unix  n - n -     0 cleanup
qmgr       unix  n - n 300   1 qmgr
tlsmgr     unix  - - n 1000? 1 tlsmgr
rewrite    unix  - - n -     - trivial-rewrite
bounce     unix  - - n -     0 bounce
defer      unix  - - n -     0 bounce
trace      unix  - - n -     0 bounce
verify     unix  - - n -     1 verify
flush      unix  n - n 1000? 0 flush
proxymap   unix  - - n -     - proxymap
proxywrite unix  - - n -     1 proxymap
smtp       unix  - - n -     - smtp
relay      unix  - - n -     - smtp
showq      unix  n - n -     - showq
error      unix  - - n -     - error
retry      unix  - - n -     - error
discard    unix  - - n -     - discard
local      unix  - n n -     - local
virtual    unix  - n n -     - virtual
lmtp       unix  - - n -     - lmtp
anvil      unix  - - n -     1 anvil
scache     unix  - - n -     1 scache
postlog    unix-dgram n - n - 1 postlogd`
