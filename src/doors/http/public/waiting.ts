// GET /signups/{handle} and its event stream: what became of the letter, for whoever made the signup.
import type { Handle } from '../../../core/handles.ts'
import { isFinal, type LetterStatus, letterStatus, readHandle } from '../../../flows/follow-letter.ts'
import { type HttpContext, type HttpRoutes, newRoutes } from '../shell/http-env.ts'
import { wantsHtml } from '../shell/negotiate.ts'
import { problem } from '../shell/problem.ts'
import { formPage, formPath, type PublicDeps, pageList, scriptPath, signupLocale } from './public-deps.ts'

const longestStreamSeconds = 15 * 60
const refreshSeconds = 3

export function waitingRoutes(deps: PublicDeps): HttpRoutes {
  const routes = newRoutes()
  routes.get('/signups/:handle', async (c) => {
    const handle = handleIn(deps, c)
    const status = await letterStatus(deps.service, handle)
    return wantsHtml(c) ? waitingPage(deps, c, handle, status) : c.json(body(status))
  })
  routes.get('/signups/:handle/events', (c) => {
    const handle = handleIn(deps, c)
    return deps.shell.streams.open(c, {
      clients: deps.shell.clientOf(c).keys,
      maxSeconds: longestStreamSeconds,
      subscribe: (emit) =>
        deps.watch.follow(handle, (status) =>
          emit({ name: 'letter', data: body(status), final: isFinal(status) }),
        ),
    })
  })
  return routes
}

function handleIn(deps: PublicDeps, c: HttpContext): Handle {
  const handle = readHandle(deps.service, c.req.param('handle') ?? '')
  if (handle === null)
    throw problem(404, 'unknown-handle', 'There is no signup of this name, or it is over a day old.')
  return handle
}

function body(status: LetterStatus) {
  return {
    letter: status.letter,
    reason: status.reason,
    suggestion: status.suggestion,
    at: status.at.toISOString(),
  }
}

async function waitingPage(
  deps: PublicDeps,
  c: HttpContext,
  handle: Handle,
  status: LetterStatus,
): Promise<Response> {
  const list = await deps.service.lists.findById(handle.listId)
  if (list === null) throw problem(404, 'unknown-handle', 'The list of this signup is gone.')
  const html = deps.service.templates.page('waiting', signupLocale(deps, c, handle.language ?? null, list), {
    list: pageList(list),
    state: status.letter,
    email: null,
    reason: status.reason,
    suggestion: status.suggestion?.email ?? null,
    formUrl: formPath(deps, list),
    action: `${deps.basePath}/signups`,
    refresh: isFinal(status) ? null : refreshSeconds,
    live: {
      script: scriptPath(deps),
      base: `${deps.basePath}/`,
      handle: c.req.param('handle') ?? '',
    },
  })
  return deps.shell.sendPage(c, html, { holdsToken: true, ...formPage(deps, list) })
}
