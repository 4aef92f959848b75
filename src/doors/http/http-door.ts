// The HTTP door as a whole: the shell, and every resource mounted on it.
import type { Config } from '../../config.ts'
import { receiveEvents } from '../../flows/receive-events.ts'
import { receiveMessage } from '../../flows/receive-message.ts'
import type { Service } from '../../flows/service.ts'
import type { LetterWatch } from '../../flows/watch-letters.ts'
import { whyNotReady } from '../../flows/why-not-ready.ts'
import type { AdminDeps } from './admin/admin-deps.ts'
import { adminRoutes } from './admin/admin-routes.ts'
import { docsRoutes } from './openapi.ts'
import { bounceRoutes } from './public/bounces.ts'
import { challengeRoutes } from './public/challenge.ts'
import { confirmRoutes } from './public/confirm.ts'
import { devMailboxRoutes, type MailboxView } from './public/dev-mailbox.ts'
import { formRoutes } from './public/forms.ts'
import { notMeRoutes } from './public/not-me.ts'
import { operationRoutes } from './public/operation.ts'
import { problemPage } from './public/problem-page.ts'
import type { PublicDeps } from './public/public-deps.ts'
import { scriptRoutes } from './public/scripts.ts'
import { signupRoutes } from './public/signups.ts'
import { suggestionRoutes } from './public/suggestions.ts'
import { unsubscribeRoutes } from './public/unsubscribe.ts'
import { waitingRoutes } from './public/waiting.ts'
import { basePathOf } from './shell/base-path.ts'
import { createShell, type Shell } from './shell/create-app.ts'
import { configuredWebhooks } from './webhooks/configured-webhooks.ts'
import { openFetchText } from './webhooks/fetch-text.ts'
import { webhookRoutes } from './webhooks/webhook-routes.ts'

export type HttpDoorOptions = {
  readonly config: Config
  readonly service: Service
  readonly watch: LetterWatch
  readonly mailbox: MailboxView | null
  readonly adminToken: string
  readonly copies: AdminDeps['copies']
  readonly eraseFromMailbox: AdminDeps['eraseFromMailbox']
  readonly isDatabaseAway: (error: unknown) => boolean
}

export type HttpDoor = Pick<Shell, 'app' | 'streams'>

export function openHttpDoor(options: HttpDoorOptions): HttpDoor {
  const { config, service } = options
  const basePath = basePathOf(config.http.publicUrl)
  const shell = openShell(options, basePath)
  const deps: PublicDeps = {
    service,
    shell,
    watch: options.watch,
    basePath,
    hasDevMailbox: options.mailbox !== null,
    confirmButton: config.visitor.confirmButton,
    framedBy: config.http.allowedOrigins,
  }
  const { adminToken } = options
  const { bounceToken, metricsToken } = config.secrets
  const { app } = shell
  app.route('/', formRoutes(deps))
  app.route('/', scriptRoutes(deps))
  app.route('/', signupRoutes(deps))
  app.route('/', challengeRoutes(deps))
  app.route('/', waitingRoutes(deps))
  app.route('/', suggestionRoutes(deps))
  app.route('/', confirmRoutes(deps))
  app.route('/', unsubscribeRoutes(deps))
  app.route('/', notMeRoutes(deps))
  app.route(
    '/',
    bounceRoutes({
      tokens: [adminToken, bounceToken],
      receive: (message) => receiveMessage(service, { ...message, door: 'message' }),
    }),
  )
  app.route(
    '/',
    webhookRoutes({
      webhooks: configuredWebhooks(config.webhooks, { fetchText: openFetchText(), log: service.log }),
      now: service.now,
      log: service.log,
      receive: (delivered) => receiveEvents(service, delivered),
    }),
  )
  app.route(
    '/',
    operationRoutes({
      whyNotReady: () => whyNotReady(service),
      metrics: async () => ({ contentType: service.metrics.contentType, text: await service.metrics.text() }),
      metricsToken,
      adminToken,
    }),
  )
  const { copies, eraseFromMailbox } = options
  const admin = adminRoutes({ ...service, copies, eraseFromMailbox }, { adminToken })
  app.route('/', admin)
  app.route('/', docsRoutes({ admin, baseUrl: () => service.links.home().replace(/\/$/, '') }))
  if (options.mailbox !== null) app.route('/', devMailboxRoutes(deps, options.mailbox))
  return { app, streams: shell.streams }
}

function openShell(options: HttpDoorOptions, basePath: string): Shell {
  const { config, service } = options
  const { templates, metrics, log } = service
  return createShell({
    basePath,
    trustProxy: config.http.trustProxy,
    allowedOrigins: config.http.allowedOrigins,
    listOrigins: () => service.lists.origins(),
    log: {
      debug: (event, fields) => log.debug(event, { ...fields }),
      warn: (event, fields) => log.warn(event, { ...fields }),
      error: (event, fields) => log.error(event, { ...fields }),
    },
    isDatabaseAway(error) {
      const isAway = options.isDatabaseAway(error)
      if (isAway) metrics.databaseError()
      return isAway
    },
    observe: (seen) => metrics.http(seen),
    streams: { observe: (open) => metrics.eventStreams(open) },
    renderProblemPage: problemPage(templates, basePath),
    styles: templates.styles,
  })
}
