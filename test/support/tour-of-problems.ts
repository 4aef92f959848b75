// What a browser is shown when a request cannot be answered.
import type { Tour } from './taken-tour.ts'

export async function seeProblems({ service, context, locale, slug, look }: Tour): Promise<void> {
  const page = await context.newPage()
  const path = (name: string) => service.base + name
  await page.goto(path('/nowhere'))
  await look('problem-404', page)
  await page.goto(path('/forms/there-is-none'))
  await look('problem-404-list', page)
  await page.goto(path(`/confirm/${'a'.repeat(43)}`))
  await look('problem-404-link', page)

  const posted: readonly (readonly [string, string])[] = [
    ['400', 'form.elements.email.remove()'],
    ['413', "form.elements.website.value = 'x'.repeat(70000)"],
    ['415', "form.enctype = 'text/plain'"],
  ]
  for (const [status, change] of posted) {
    await page.goto(path(`/forms/${slug}`), { waitUntil: 'load' })
    await Promise.all([
      page.waitForURL(/\/signups$/),
      page.evaluate(`(() => {
        const form = document.querySelector('ayes-form form')
        ${change}
        HTMLFormElement.prototype.submit.call(form)
      })()`),
    ])
    await page.waitForLoadState('load')
    await look(`problem-${status}`, page)
  }
  // What takes an outage to see: the page as it would be sent.
  const unseen = [
    { status: 403, code: 'origin-not-allowed' },
    { status: 429, code: 'too-many' },
    { status: 500, code: 'internal-error' },
    { status: 503, code: 'unavailable' },
  ]
  for (const { status, code } of unseen) {
    const html = service.service.templates.page('problem', locale, {
      status,
      code,
      detail: null,
      retryUrl: status === 403 ? null : `/forms/${slug}`,
      backUrl: 'https://example.com/',
    })
    await page.goto('about:blank')
    await page.setContent(html)
    await look(`problem-${status}`, page)
  }
  await page.close()
}
