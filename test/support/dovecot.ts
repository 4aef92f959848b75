// A real Dovecot in a folder of its own, as root or as an ordinary user: IMAP with TLS on loopback, and LMTP to bring
// messages in. Every user name is a mailbox; all have one password.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { localhostCertificate, localhostKey } from '../mail/localhost-certificate.ts'
import { eventually } from './letters.ts'
import { findProgram, freePort, isRoot, makeFolder, readOrNothing, removeFolder } from './mail-server.ts'

export type Dovecot = {
  readonly certificateFile: string
  url(user: string, protocol?: 'imap' | 'imaps'): string
  /** By LMTP, from the null sender. */
  deliver(recipient: string, raw: Buffer | string): Promise<void>
  /** The messages in a folder of the user's Maildir, as its path is on the disk: '' is INBOX. */
  messages(user: string, path: string): Promise<string[]>
  start(): Promise<void>
  stop(): Promise<void>
  /** Stops it and removes its folder. */
  close(): Promise<void>
}

const program = findProgram('/usr/sbin/dovecot', '/usr/local/sbin/dovecot')
const parts = ['imap', 'lmtp'].map((name) =>
  findProgram(`/usr/lib/dovecot/${name}`, `/usr/libexec/dovecot/${name}`),
)

/** Null where it can be run here, else what is missing. */
export const missingDovecot =
  program !== null && !parts.includes(null)
    ? null
    : 'needs Dovecot (Debian packages dovecot-imapd and dovecot-lmtpd)'

const users = ['bounces', 'one', 'two', 'three', 'four', 'five', 'six', 'seven']
const password = 'a p@ss/word#100% of "tests"'

/** `separator`: of the levels of folders; `prefix`: all folders lie below it. */
export async function startDovecot({ separator = '/', prefix = '' } = {}): Promise<Dovecot> {
  const folder = await makeFolder('dovecot')
  const at = (name: string) => join(folder, name)
  const ports = { imap: await freePort(), imaps: await freePort(), lmtp: await freePort() }
  const { uid, gid, username } = userInfo()
  // What root starts must not read mail as root.
  const nobody = 65_534
  const owner = isRoot ? { uid: nobody, gid: nobody } : { uid, gid }
  await mkdir(at('mail'))
  await chown(at('mail'), owner.uid, owner.gid)
  await writeFile(at('certificate.pem'), localhostCertificate)
  await writeFile(at('key.pem'), localhostKey, { mode: 0o600 })
  await writeFile(at('users'), users.map((user) => `${user}:{PLAIN}${password}::::::\n`).join(''))
  const namespace = { separator, prefix }
  const lines = [...configOf(folder, { ports, owner, namespace }), ...(isRoot ? [] : ordinaryUser(username))]
  await writeFile(at('dovecot.conf'), `${lines.join('\n')}\n`)

  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const started = spawn(program ?? 'dovecot', ['-F', '-c', at('dovecot.conf')], { stdio: 'ignore' })
    child = started
    await eventually(async () => {
      if (started.exitCode !== null) throw new Error(`Dovecot ended: ${await readOrNothing(at('log'))}`)
      return (await isGreeting(ports.imap)) && (await isGreeting(ports.lmtp))
    }, 'Dovecot')
  }

  async function stop(): Promise<void> {
    const running = child
    child = null
    if (running === null || running.exitCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    await ended
  }

  const transport = createTransport({ host: '127.0.0.1', port: ports.lmtp, lmtp: true, ignoreTLS: true })
  await start()
  return {
    certificateFile: at('certificate.pem'),
    url: (user, protocol = 'imaps') =>
      `${protocol}://${user}:${encodeURIComponent(password)}@localhost:${ports[protocol]}/INBOX`,
    async deliver(recipient, raw) {
      await transport.sendMail({ envelope: { from: '', to: [recipient] }, raw })
    },
    messages: (user, path) => readFolder(join(folder, 'mail', user, path)),
    start,
    stop,
    async close() {
      transport.close()
      await stop()
      await removeFolder(folder)
    },
  }
}

type Ports = Readonly<Record<'imap' | 'imaps' | 'lmtp', number>>
type Plan = {
  ports: Ports
  owner: { uid: number; gid: number }
  namespace: { separator: string; prefix: string }
}

function configOf(folder: string, { ports, owner, namespace }: Plan): string[] {
  return [
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    `log_path = ${folder}/log`,
    'protocols = imap lmtp',
    'listen = 127.0.0.1',
    'ssl = yes',
    `ssl_cert = <${folder}/certificate.pem`,
    `ssl_key = <${folder}/key.pem`,
    `mail_location = maildir:${folder}/mail/%n`,
    'first_valid_uid = 1',
    'recipient_delimiter = +',
    'auth_username_format = %n',
    'auth_failure_delay = 0',
    `passdb {\n driver = passwd-file\n args = scheme=PLAIN ${folder}/users\n}`,
    `userdb {\n driver = static\n args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%n\n}`,
    `namespace inbox {\n inbox = yes\n separator = ${namespace.separator}\n prefix = ${namespace.prefix}\n}`,
    'service imap-login {',
    ` inet_listener imap {\n  port = ${ports.imap}\n }`,
    ` inet_listener imaps {\n  port = ${ports.imaps}\n  ssl = yes\n }`,
    '}',
    `service lmtp {\n inet_listener lmtp {\n  port = ${ports.lmtp}\n }\n}`,
  ]
}

/** Nothing that only root may do: no chroot, and no change of user. */
function ordinaryUser(name: string): string[] {
  const services = ['anvil', 'imap-login', 'stats']
  return [
    `default_internal_user = ${name}`,
    `default_login_user = ${name}`,
    'default_internal_group =',
    ...services.map((service) => `service ${service} {\n chroot =\n}`),
  ]
}

/** Messages that are renamed while we read are read again; one that is in both places is one. */
async function readFolder(maildir: string): Promise<string[]> {
  const texts = new Map<string, string>()
  for (const part of ['new', 'cur']) {
    for (const name of await readdir(join(maildir, part)).catch(() => [])) {
      const text = await readFile(join(maildir, part, name), 'latin1').catch(() => null)
      if (text === null) return readFolder(maildir)
      texts.set(name.replace(/:2,.*$/, ''), text)
    }
  }
  return [...texts.values()]
}

async function isGreeting(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'data')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
