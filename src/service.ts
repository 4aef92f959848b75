// The composition root: secrets -> database -> templates -> mail -> doors -> clock. Reads like a table of contents.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { providers } from './core/bounce/door.ts'
import { openKeyRing } from './core/keys.ts'
import { openDataDir } from './data-dir.ts'
import { mailDomainsOf } from './domain-check.ts'
import { openHttpDoor } from './doors/http/http-door.ts'
import { serveHttp } from './doors/http/shell/serve.ts'
import { openImapDoor } from './doors/imap.ts'
import { openBounceListener } from './doors/lmtp.ts'
import { openEnding } from './ending.ts'
import { openAdmission } from './flows/admission.ts'
import { openLetterPace } from './flows/letter-pace.ts'
import { openLinks } from './flows/links.ts'
import { openLists } from './flows/lists.ts'
import { openProvenDomains } from './flows/proven-domains.ts'
import { receiveMessage } from './flows/receive-message.ts'
import { openOutTray } from './flows/send-due-letters.ts'
import type { Rules, Service } from './flows/service.ts'
import { openSignupGroups } from './flows/signup-groups.ts'
import { openSuggested } from './flows/suggested.ts'
import { openSuggesters } from './flows/suggesters.ts'
import { openTally } from './flows/tally.ts'
import { warnOfUnusedTemplates } from './flows/warn-of-unused-templates.ts'
import { openLetterWatch } from './flows/watch-letters.ts'
import { startJobs } from './jobs.ts'
import type { OpenLog } from './log.ts'
import { openMailer } from './mail/open-mailer.ts'
import { mailboxView } from './mailbox-view.ts'
import { openMetrics } from './metrics.ts'
import { reportingJobs } from './reporting.ts'
import { readSecrets } from './secrets.ts'
import { openAlone } from './store/alone.ts'
import { openCopies } from './store/copy-out.ts'
import { readInstallation } from './store/installation.ts'
import { migrate } from './store/migrate.ts'
import { type Database, isDatabaseAway, openDatabase } from './store/open-database.ts'
import { openTemplates, type Templates } from './templates.ts'
import { type Patience, untilDatabase } from './until-database.ts'
import { openWaves } from './waves.ts'

export type RunningService = {
  /** Where HTTP listens; null without the role `http`. */
  readonly url: string | null
  /** Where mail servers hand in what came back; null without `BOUNCE_LISTEN` or the role `bounces`. */
  readonly bounces: string | null
  /** Base of every link, without a slash at its end. */
  readonly publicUrl: string
  readonly adminToken: string
  /** Where a generated admin token lies; null for one from the settings. */
  readonly adminTokenFile: string | null
  readonly service: Service
  close(): Promise<void>
}

const ourTemplates = fileURLToPath(new URL('../templates', import.meta.url))

/** How many letters about one list keep this distance (contract, `LETTERS_PER_LIST`). */
const pauseSeconds = 600

export async function startService(
  config: Config,
  opened: OpenLog,
  patience: Patience = { say: () => {} },
): Promise<RunningService> {
  const { log } = opened
  const templates = await openTemplates(ourTemplates, config.templatesDir, true)
  const dataDir = await openDataDir(config.dataDir)
  const secrets = await readSecrets(config, dataDir, opened)
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: dataDir.path,
    log: log.info,
  })
  const ending = openEnding(() => database.close())
  try {
    const begin = () => migrate(database.db)
    const steps = database.own ? await begin() : await untilDatabase(begin, patience)
    if (steps.length > 0) log.info('migrated', { steps })
    let publicUrl = config.http.publicUrl
    const service = await makeService(config, {
      database,
      opened,
      templates,
      secretKey: secrets.secretKey,
      publicUrl: () => publicUrl ?? '',
    })
    await warnOfUnusedTemplates(service)

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
    ending.last(() => service.mailDomains.close())
    ending.last(() => mailer.close())

    const waves = openWaves(config, service, openAlone(database.connection))
    ending.last(() => waves.close())
    const outTray = config.roles.includes('send')
      ? openOutTray({ ...service, mailer, guard: waves.guard, concurrency: config.mail.concurrency })
      : null
    if (outTray !== null) ending.first(() => outTray.close())

    let url: string | null = null
    if (config.roles.includes('http')) {
      const watch = openLetterWatch(service)
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
    let bounces: string | null = null
    if (config.bounceListener !== null && config.roles.includes('bounces')) {
      const { smtpName: name } = config.mail
      const place = config.bounceListener
      const listener = await openBounceListener({ place, name, service, isDatabaseAway })
      ending.first(() => listener.close())
      bounces = listener.url
    }
    if (config.imap !== null && config.roles.includes('bounces')) {
      const alone = openAlone(database.connection)
      const door = openImapDoor({ place: config.imap, service, alone, isDatabaseAway })
      door.start()
      ending.first(() => door.stop())
    }
    // Letters carry links, so nothing is sent before it is known where we listen.
    const clock = startJobs(config, service, {
      outTray,
      jobs: [...waves.jobs, ...reportingJobs(config, service, mailer)],
    })
    ending.first(() => clock.stop())
    ending.last(() => service.tally.flush())
    return {
      url,
      bounces,
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

type Opened = {
  database: Database
  opened: OpenLog
  templates: Templates
  secretKey: string
  publicUrl: () => string
}

async function makeService(
  config: Config,
  { database, opened, templates, secretKey, publicUrl }: Opened,
): Promise<Service> {
  const { db, groups, notices } = database
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
    admission: openAdmission(config.visitor.proofOfWork, { db, ring, rules, now, metrics, log }),
    groups: openSignupGroups({
      db,
      groups,
      limits: rules.limits,
      keyId: ring.current.id,
      now,
      observe: (group) => metrics.signupGroup(group.size),
    }),
    pace: openLetterPace(notices),
    tally: openTally(db, now),
    suggested: openSuggested(),
    suggesters: openSuggesters(config.suggestion.domains, await openProvenDomains(db, notices)),
    mailDomains: mailDomainsOf(config, metrics),
    templates,
    log,
    metrics,
    now,
  }
}

function rulesOf(config: Config): Rules {
  const { limits, times, mail, reporting, suggestion } = config
  return {
    ...times,
    limits: {
      perClient: limits.signupsPerClient,
      perList: limits.lettersPerList === null ? null : { ...limits.lettersPerList, pauseSeconds },
      perMailbox: limits.lettersPerMailbox,
    },
    refuseDisposable: suggestion.refuseDisposable,
    bounceRateLimit: reporting.bounceRateLimit,
    from: mail.from,
    returnPath: mail.bounceAddress,
    holdsLetters: reporting.guard === 'pause',
    markedFor: providers.filter((provider) => config.webhooks[provider] !== null),
  }
}
