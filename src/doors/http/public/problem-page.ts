// The page of an error, with a way on: once more where that may help, else back to where the visitor came from.
import type { Templates } from '../../../templates.ts'
import { firstSegment } from '../shell/base-path.ts'
import type { HttpContext } from '../shell/http-env.ts'
import { requestLocale } from '../shell/locale.ts'
import type { HttpProblem } from '../shell/problem.ts'

/** Pages that stand behind a link: asking again shows them, and changes nothing. */
const shown = new Set(['confirm', 'not-me', 'unsubscribe', 'forms', 'signups'])

export function problemPage(templates: Templates, basePath: string) {
  return (c: HttpContext, wrong: HttpProblem): string => {
    const locale = requestLocale(c, templates.locales)
    if (wrong.status === 410) {
      return gonePage(templates, locale, wrong.code === 'unsubscribed' ? wrong.code : 'link-expired')
    }
    return templates.page('problem', locale, {
      status: wrong.status,
      code: wrong.code,
      detail: wrong.detail,
      retryUrl: wrong.status === 429 || wrong.status >= 500 ? retryUrl(c, basePath) : null,
      backUrl: backUrl(c),
    })
  }
}

/** Of a genuine link about which nothing is kept any more: no list is known, and nothing can be offered. */
export function gonePage(
  templates: Templates,
  locale: string,
  code: 'unsubscribed' | 'link-expired',
): string {
  return templates.page('gone', locale, {
    code,
    list: null,
    renewAction: null,
    undoAction: null,
    formUrl: null,
  })
}

function retryUrl(c: HttpContext, basePath: string): string | null {
  const path = c.req.path.replace(/\/(?:renew|undo)$/, '')
  const isShown =
    shown.has(firstSegment(path)) && !(c.req.method === 'POST' && firstSegment(path) === 'signups')
  return isShown ? `${basePath}${path}` : null
}

/** As the browser tells it: nobody but the site that led here can have written it. */
function backUrl(c: HttpContext): string | null {
  const from = URL.parse(c.req.header('referer') ?? '')
  if (from === null || !/^https?:$/.test(from.protocol)) return null
  return `${from.origin}${from.pathname}${from.search}`
}
