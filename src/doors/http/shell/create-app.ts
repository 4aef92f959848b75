// Puts the shell together: what every resource of the HTTP door stands on and none of them has to know.
import { OpenAPIHono } from '@hono/zod-openapi'
import { getPath } from 'hono/utils/url'
import type { Log } from '../../../log.ts'
import { type Observation, observing } from './access.ts'
import { type AnswerError, errorAnswers } from './answer-problem.ts'
import { baseStripper, firstSegment } from './base-path.ts'
import { type ClientOf, clientReader } from './client.ts'
import { allowOrigins, type OriginsOptions } from './cors.ts'
import { type EventStreams, eventStreams, type StreamLimits } from './event-stream.ts'
import { sayForAll } from './headers-of-all.ts'
import type { HttpContext, HttpEnv, HttpMiddleware, HttpRoutes } from './http-env.ts'
import { missing } from './missing.ts'
import { pageSender, type SendPage } from './pages.ts'
import { type HttpProblem, problem } from './problem.ts'

export type ShellOptions = OriginsOptions & {
  /** The path of PUBLIC_URL, see `basePathOf`. */
  basePath: string
  trustProxy: number
  log: Pick<Log, 'debug' | 'warn' | 'error'>
  isDatabaseAway: (error: unknown) => boolean
  observe?: (observation: Observation) => void
  renderProblemPage?: (c: HttpContext, wrong: HttpProblem) => string | Promise<string>
  /** Texts of the style and script elements that pages have inline, see `pageSender`. */
  styles?: readonly string[]
  scripts?: readonly string[]
  streams?: StreamLimits
}

export type Shell = {
  /** Mount resources with `app.route('/', routes)`; give it to `serveHttp`. */
  app: HttpRoutes
  clientOf: ClientOf
  sendPage: SendPage
  streams: EventStreams
}

/** Scripts of other sites may call these. */
const PUBLIC_PATHS = ['/signups/*', '/suggestions', '/challenge']

export function createShell(options: ShellOptions): Shell {
  const sendPage = pageSender({ styles: options.styles ?? [], scripts: options.scripts ?? [] })
  const app = openApp(options.basePath)
  const answerError = errorAnswers({ ...options, docs: `${options.basePath}/docs`, sendPage })
  app.use('*', observing({ observe: options.observe ?? (() => undefined), log: options.log }))
  app.use('*', baseline)
  const cors = allowOrigins(options)
  for (const path of PUBLIC_PATHS) app.use(path, cors)
  handleErrors(app, answerError)
  return {
    app,
    clientOf: clientReader(options.trustProxy),
    sendPage,
    streams: eventStreams(options.streams),
  }
}

function openApp(basePath: string): HttpRoutes {
  const segments = new Set<string>()
  const isRoute = (segment: string) => {
    if (segments.size === 0) for (const route of app.routes) segments.add(firstSegment(route.path))
    return segments.has(segment)
  }
  const strip = baseStripper(basePath, isRoute)
  const app: HttpRoutes = new OpenAPIHono<HttpEnv>({ getPath: (request) => strip(getPath(request)) })
  return app
}

function handleErrors(app: HttpRoutes, answerError: AnswerError): void {
  app.onError(answerError)
  app.notFound((c) => answerError(missing(app, c), c))
}

/** What holds unless a resource says otherwise, and the one rule for every request's address. */
const baseline: HttpMiddleware = async (c, next) => {
  sayForAll(c)
  if (c.req.url.includes('%00')) {
    const field = [...(URL.parse(c.req.url)?.searchParams ?? [])].find(([, value]) =>
      value.includes('\0'),
    )?.[0]
    const name = field === undefined || field.includes('\0') ? {} : { field: field.slice(0, 100) }
    throw problem(400, 'bad-request', 'A NUL character is not accepted, in an address either.', name)
  }
  await next()
}
