// The page of an error leads on: once more where that may help, else back to where the visitor came from.
import { expect, test } from 'vitest'
import { problemPage } from '../../../../src/doors/http/public/problem-page.ts'
import { newRoutes } from '../../../../src/doors/http/shell/http-env.ts'
import { problem } from '../../../../src/doors/http/shell/problem.ts'
import { openTemplates } from '../../../../src/templates.ts'

const templates = await openTemplates('templates', null, true)
type Asked = { status?: 400 | 404 | 429 | 503; path: string; method?: string; referer?: string }

/** Where the page's only link leads; null: it has none. */
async function wayOn({ status = 503, path, method = 'GET', referer }: Asked): Promise<string | null> {
  const app = newRoutes()
  const show = problemPage(templates, '/mail')
  app.all('*', (c) => c.html(show(c, problem(status, 'some-code', 'Something was wrong.'))))
  const headers: Record<string, string> = referer === undefined ? {} : { referer }
  const page = await (await app.request(path, { method, headers })).text()
  return /<a [^>]*href="([^"]*)"/.exec(page)?.[1] ?? null
}

test('a page that was not there for a moment is asked for again, under the path of PUBLIC_URL', async () => {
  const token = 'a'.repeat(43)
  expect(await wayOn({ path: `/confirm/${token}` })).toBe(`/mail/confirm/${token}`)
  expect(await wayOn({ path: `/confirm/${token}`, method: 'POST' })).toBe(`/mail/confirm/${token}`)
  expect(await wayOn({ path: `/confirm/${token}/renew`, method: 'POST' })).toBe(`/mail/confirm/${token}`)
  expect(await wayOn({ path: `/not-me/${token}/undo`, method: 'POST' })).toBe(`/mail/not-me/${token}`)
  expect(await wayOn({ path: '/signups/some-handle', status: 429 })).toBe('/mail/signups/some-handle')
})

test('a form that was posted is gone back to, as the browser names its page', async () => {
  const referer = 'https://www.example.com/news?a=1&b=2'
  for (const status of [400, 429, 503] as const) {
    const way = await wayOn({ path: '/signups', method: 'POST', status, referer })
    expect(way, String(status)).toBe('https://www.example.com/news?a=1&amp;b=2')
  }
})

test('what is no page of the web is no way back', async () => {
  for (const referer of [
    undefined,
    'javascript:alert(1)',
    'data:text/html,x',
    'nonsense',
    'file:///etc/passwd',
  ]) {
    expect(await wayOn({ path: '/signups', method: 'POST', status: 400, referer: referer ?? '' })).toBeNull()
  }
  expect(await wayOn({ path: '/forms/x', status: 404, referer: 'https://user:secret@a.example/b#c' })).toBe(
    'https://a.example/b',
  )
  expect(await wayOn({ path: '//evil.example/', status: 503 })).toBeNull()
})
