// The composition root: secrets -> database -> templates -> mail -> doors -> clock. Reads like a table of contents.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { openKeyRing } from './core/keys.ts'
import { openDataDir } from './data-dir.ts'
import { startClock } from './doors/clock.ts'
import { openHttpDoor } from './doors/http/http-door.ts'
import type { MailboxView } from './doors/http/public/dev-mailbox.ts'
import { serveHttp } from './doors/http/shell/serve.ts'
import { openEnding } from './ending.ts'
import { expireSignups } from './flows/expire-signups.ts'
import { openLetterPace } from './flows/letter-pace.ts'
import { openLinks } from './flows/links.ts'
import { openLists } from './flows/lists.ts'
import { newPurgePlaces, purge } from './flows/purge.ts'
import { receiveMessage } from './flows/receive-message.ts'
import { type OutTray, openOutTray } from './flows/send-due-letters.ts'
import type { Rules, Service } from './flows/service.ts'
import { openSignupGroups } from './flows/signup-groups.ts'
import { openSuggested } from './flows/suggested.ts'
import { openTally } from './flows/tally.ts'
import { watchDueLetters } from './flows/watch-due-letters.ts'
import { openLetterWatch } from './flows/watch-letters.ts'
import type { OpenLog } from './log.ts'
import type { DevMailbox } from './mail/dev-mailbox.ts'
import { headersOf } from './mail/letter-headers.ts'
import { openMailer } from './mail/open-mailer.ts'
import { openMetrics } from './metrics.ts'
import { readSecrets } from './secrets.ts'
import { openCopies } from './store/copy-out.ts'
import { readInstallation } from './store/installation.ts'
import { migrate } from './store/migrate.ts'
import { type Database, isDatabaseAway, openDatabase } from './store/open-database.ts'
import { openTemplates } from './templates.ts'

export type RunningService = {
  /** Where HTTP listens; null without the role `http`. */
  readonly url: string | null
  /** Base of every link, without a slash at its end. */
  readonly publicUrl: string
  readonly adminToken: string
  /** Where a generated admin token lies; null for one from the settings. */
  readonly adminTokenFile: string | null
  readonly service: Service
  close(): Promise<void>
}

/** How many letters about one list keep this distance (contract, `LETTERS_PER_LIST`). */
const pauseSeconds = 600

export async function startService(config: Config, opened: OpenLog): Promise<RunningService> {
  const { log } = opened
  const dataDir = await openDataDir(config.dataDir)
  const secrets = await readSecrets(config, dataDir, opened)
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: dataDir.path,
    log: log.info,
  })
  const ending = openEnding(() => database.close())
  try {
    const steps = await migrate(database.db)
    if (steps.length > 0) log.info('migrated', { steps })
    let publicUrl = config.http.publicUrl
    const service = await makeService(config, {
      database,
      opened,
      secretKey: secrets.secretKey,
      publicUrl: () => publicUrl ?? '',
    })

    const { mailer, devMailbox } = await openMailer({
      smtpUrl: config.mail.smtpUrl,
      relay: {
        name: config.mail.smtpName,
        concurrency: config.mail.concurrency,
        dkim: config.mail.dkim,
        log,
      },
      devMailbox: {
        dir: join(dataDir.path, 'dev-mailbox'),
        onReport: async (raw, recipient) =>
          void (await receiveMessage(service, { door: 'message', raw, recipient })),
        log,
      },
    })
    ending.last(() => mailer.close())

    const outTray = config.roles.includes('send')
      ? openOutTray({ ...service, mailer, concurrency: config.mail.concurrency })
      : null
    if (outTray !== null) ending.first(() => outTray.close())

    let url: string | null = null
    if (config.roles.includes('http')) {
      const watch = openLetterWatch(service.notices)
      const copies = openCopies(database.connection)
      ending.last(() => copies.close())
      const door = openHttpDoor({
        config,
        service,
        watch,
        mailbox: devMailbox === null ? null : mailboxView(devMailbox, config.mail.devMailbox === 'exposed'),
        adminToken: secrets.adminToken,
        copies,
        eraseFromMailbox: async (email) => void (await devMailbox?.erase(email)),
        isDatabaseAway,
      })
      const server = await serveHttp({
        app: door.app,
        host: config.http.host,
        port: config.http.port,
        endStreams: () => door.streams.close(),
      })
      publicUrl ??= server.url
      url = server.url
      ending.first(() => server.close())
      ending.last(async () => watch.close())
    }
    // Letters carry links, so nothing is sent before it is known where we listen.
    const clock = startJobs(config, service, outTray)
    ending.first(() => clock.stop())
    ending.last(() => service.tally.flush())
    return {
      url,
      publicUrl: publicUrl ?? '',
      adminToken: secrets.adminToken,
      adminTokenFile: secrets.adminTokenFile,
      service,
      close: ending.close,
    }
  } catch (error) {
    await ending.close().catch(() => {})
    throw error
  }
}

type Opened = { database: Database; opened: OpenLog; secretKey: string; publicUrl: () => string }

async function makeService(
  config: Config,
  { database, opened, secretKey, publicUrl }: Opened,
): Promise<Service> {
  const { db, notices } = database
  const { log } = opened
  const { addressKey, epoch } = await readInstallation(db)
  const metrics = openMetrics()
  const ring = openKeyRing(secretKey, config.secrets.oldSecretKeys)
  const rules = rulesOf(config)
  const now = () => new Date()
  return {
    db,
    notices,
    ring,
    addressKey,
    epoch,
    rules,
    links: openLinks(publicUrl),
    lists: openLists(db),
    groups: openSignupGroups({
      db,
      limits: rules.limits,
      keyId: ring.current.id,
      now,
      observe: (group) => metrics.signupGroup(group.size),
    }),
    pace: openLetterPace(notices),
    tally: openTally(db, now),
    suggested: openSuggested(),
    templates: await openTemplates(fileURLToPath(new URL('../templates', import.meta.url))),
    log,
    metrics,
    now,
  }
}

function rulesOf(config: Config): Rules {
  const { limits, times, mail } = config
  return {
    ...times,
    limits: {
      perClient: limits.signupsPerClient,
      perList: limits.lettersPerList === null ? null : { ...limits.lettersPerList, pauseSeconds },
      perMailbox: limits.lettersPerMailbox,
    },
    from: mail.from,
    returnPath: mail.bounceAddress,
  }
}

/** The dev mailbox as its pages show it. */
function mailboxView(mailbox: DevMailbox, exposed: boolean): MailboxView {
  const line = (letter: Awaited<ReturnType<DevMailbox['list']>>[number]) => ({
    id: letter.id,
    to: letter.to,
    subject: letter.subject,
    at: new Date(letter.at),
    state: letter.reply,
  })
  return {
    exposed,
    list: async () => (await mailbox.list()).map(line),
    async read(id) {
      const letter = await mailbox.read(id)
      if (letter === null) return null
      return { ...line(letter), headers: headersOf(letter.raw), text: letter.text, html: letter.html }
    },
  }
}

function startJobs(config: Config, service: Service, outTray: OutTray | null) {
  const places = newPurgePlaces()
  const jobs = [{ name: 'tally', everyMs: 1_000, run: () => service.tally.flush() }]
  if (outTray !== null) {
    service.notices.listen('ayes_due', () => outTray.nudge())
    jobs.push({ name: 'out-tray', everyMs: 2_000, run: async () => outTray.nudge() })
    jobs.push({ name: 'letters-due', everyMs: 10_000, run: () => watchDueLetters(service) })
  }
  if (config.roles.includes('purge')) {
    jobs.push({ name: 'expire', everyMs: 10_000, run: async () => void (await expireSignups(service)) })
    jobs.push({ name: 'purge', everyMs: 15 * 60_000, run: async () => void (await purge(service, places)) })
  }
  return startClock(jobs, (job, error) => service.log.error('job-failed', { job, error }))
}
