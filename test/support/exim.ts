// A real Exim in a folder of its own, as root, beside whatever mail server the system runs.
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

const program = findProgram('/usr/sbin/exim4', '/usr/local/sbin/exim4') ?? ''
const needed = program === '' ? 'needs Exim (Debian package exim4-daemon-light)' : 'needs root, as Exim does'
/** Debian's Exim is built for this user. */
const user = 'Debian-exim'

export const exim: MailServerProgram = {
  missing: program !== '' && isRoot ? null : needed,
  async start(plan) {
    const folder = await makeFolder('exim')
    const ids = await userIds(user)
    await chown(folder, ...ids)
    for (const name of ['spool', 'log', 'mail']) {
      await mkdir(join(folder, name))
      await chown(join(folder, name), ...ids)
    }
    const config = join(folder, 'exim.conf')
    const { fullBox, forwards = {}, routes = {} } = plan
    const boxes = fullBox === undefined ? plan.boxes : [...plan.boxes, fullBox]
    const files: Readonly<Record<string, readonly string[]>> = {
      'exim.conf': [configOf(plan, folder)],
      mailboxes: boxes.map((box) => `${box}: ${box}`),
      aliases: Object.entries(forwards).map(([box, address]) => `${box}: ${address}`),
      routes: Object.entries(routes).map(([to, { protocol, port }]) => `${to}: ${protocol}:${port}`),
    }
    for (const [name, lines] of Object.entries(files)) {
      await writeFile(join(folder, name), `${lines.join('\n')}\n`)
    }
    const log = join(folder, 'log', 'mainlog')
    const daemon = await startDaemon([program, '-C', config, '-bdf'], {
      port: plan.port,
      log,
      pidFile: join(folder, 'exim.pid'),
    })
    return {
      url: `smtp://127.0.0.1:${plan.port}`,
      delivered: (box) => readMaildir(join(folder, 'mail', box)),
      log: async () => (await readOrNothing(log)) + (await readOrNothing(join(folder, 'log', 'paniclog'))),
      async close() {
        await daemon.stop()
        await removeFolder(folder)
      },
    }
  },
}

function configOf(plan: MailServerPlan, folder: string): string {
  const { domain } = plan
  const routeOf = (field: number) => `\${extract{${field}}{:}{\${lookup{$domain}lsearch{${folder}/routes}}}}`
  return `
primary_hostname = mx.${domain}
qualify_domain = ${domain}
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/exim.pid
exim_path = ${program}
exim_user = ${user}
exim_group = ${user}
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${plan.port}
disable_ipv6 = true
keep_environment =
host_lookup =
tls_advertise_hosts =
smtputf8_advertise_hosts = ${plan.smtputf8 ? '*' : ''}
deliver_drop_privilege = true
acl_smtp_rcpt = recipients
acl_smtp_data = accept

begin acl
recipients:
  deny !senders = :
       condition = ${plan.asksBack === true ? 'yes' : 'no'}
       !verify = sender/callout=10s
  accept domains = ${domain}
         endpass
         verify = recipient
  # Whom the listener does not take mail for is refused here already.
  deny domains = lsearch;${folder}/routes
       condition = \${if eq{${routeOf(1)}}{lmtp}}
       !verify = recipient/callout=10s
  accept domains = lsearch;${folder}/routes
  deny message = relay not permitted

begin routers
elsewhere:
  driver = manualroute
  domains = lsearch;${folder}/routes
  transport = ${routeOf(1)}
  route_data = 127.0.0.1::${routeOf(2)}
  self = send
forwards:
  driver = redirect
  domains = ${domain}
  data = \${lookup{$local_part}lsearch{${folder}/aliases}}
boxes:
  driver = accept
  domains = ${domain}
  local_parts = lsearch;${folder}/mailboxes
  transport = box
  cannot_route_message = Unknown user

begin transports
smtp:
  driver = smtp
  allow_localhost = true
  # By default Exim writes to xn--… where SMTPUTF8 is not offered, which is nobody.
  utf8_downconvert = 0
lmtp:
  driver = smtp
  protocol = lmtp
  # The route names the port that counts, and without one here Exim wants a name for it from the system.
  port = 24
  allow_localhost = true
box:
  driver = appendfile
  maildir_format = true
  return_path_add = true
  directory = ${folder}/mail/\${lookup{$local_part}lsearch{${folder}/mailboxes}}
  create_directory = true
  quota = \${if eq{$local_part}{${plan.fullBox ?? ''}}{1}{0}}
  user = ${user}

begin retry
# A full mailbox is not tried again.
*  quota
*  *  F,1h,1m
`
}
