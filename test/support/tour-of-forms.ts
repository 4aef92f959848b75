// The form and what it leads to: by its script in place, and by its pages.
import type { Page } from 'playwright-core'
import { letterTo, linkIn } from './letters.ts'
import type { Tour } from './taken-tour.ts'

export async function seeForm(tour: Tour): Promise<void> {
  await seeLiveForm(tour)
  await seeLiveWaiting(tour)
  await seePagesOfTheForm(tour)
  await seeWaitingPages(tour)
}

async function seeLiveForm(tour: Tour): Promise<void> {
  const { look } = tour
  const page = await openForm(tour)
  await look('form', page)
  await send(page, '')
  await page.locator('.ayes-error:not(:empty)').waitFor()
  await look('form-error-empty', page)
  await send(page, 'ann.example.com')
  await page.locator('.ayes-error:not(:empty)').waitFor()
  await look('form-error-missing-at', page)
  await page.locator('#email').fill('ada@gmial.com')
  await page.locator('#email').blur()
  await page.locator('.ayes-take').waitFor()
  await look('form-suggestion', page)
  await send(page, 'ada@gmial.com')
  await page.locator('.ayes-keep').waitFor()
  await look('form-question', page)
  await send(page, 'refuse-5.1.1@gmial.com')
  await page.locator('.ayes-keep').getByText('refuse').waitFor()
  await page.locator('.ayes-keep').click()
  await page.locator('.ayes-status + .ayes-actions .ayes-take').waitFor()
  await look('form-undeliverable-suggestion', page)
  await send(page, 'refuse-5.2.2@example.com')
  await told(page, sayOf(tour, 'reason.mailbox-full'))
  await look('form-undeliverable', page)
  await page.close()
}

async function seeLiveWaiting(tour: Tour): Promise<void> {
  const { service, look } = tour
  const queued = await openForm(tour)
  await queued.route('**/signups/*/events', (route) => route.abort())
  await queued.route('**/signups/*', (route) => route.abort())
  await send(queued, tour.newEmail())
  await told(queued, sayOf(tour, 'waiting.title.queued'))
  await look('form-queued', queued)
  await queued.close()

  const page = await openForm(tour)
  const email = tour.locale === 'en' ? 'ada@gmail.com' : `${tour.slug}@gmail.com`
  await send(page, email)
  await told(page, sayOf(tour, 'waiting.title.sent'))
  await look('form-sent', page)
  const link = linkIn(await letterTo(service, email), 'confirm')
  await service.fetch(link, { method: 'POST' })
  await told(page, sayOf(tour, 'waiting.title.confirmed'))
  await look('form-confirmed', page)
  await page.goto(`${service.base}/forms/${tour.slug}`)
  await send(page, 'defer-4.7.1@example.com')
  await told(page, sayOf(tour, 'waiting.title.delayed'))
  await look('form-delayed', page)
  await page.close()
}

async function seePagesOfTheForm(tour: Tour): Promise<void> {
  const { look } = tour
  const page = await openForm(tour)
  await post(page, 'ann.example.com')
  await look('page-form-error', page)
  await post(page, 'ann@gmail')
  await look('page-form-error-suggestion', page)
  await post(page, 'ada@gmial.com')
  await look('page-question', page)
  await page.close()
  // The page goes on as soon as its script is done, so it is looked at without.
  const asked = await tour.context.newPage()
  await asked.route('**/proof.js', (route) => route.abort())
  await asked.goto(`${tour.careful.base}/forms/${tour.slug}`)
  await post(asked, tour.newEmail())
  await look('page-proof', asked)
  await asked.close()
}

async function seeWaitingPages(tour: Tour): Promise<void> {
  const { context, service, look } = tour
  const states: readonly (readonly [string, string])[] = [
    ['sent', tour.newEmail()],
    ['undeliverable', 'refuse-5.1.1@example.com'],
    ['undeliverable-suggestion', 'refuse-5.1.1@gmial.com'],
    ['delayed', 'defer-4.2.2@example.com'],
  ]
  for (const [name, email] of states) {
    const state = name.replace(/-.*/, '')
    const page = await openForm(tour)
    await post(page, email, { as_typed: '1' })
    await page.waitForURL(/\/signups\/[\w-]+$/)
    await page.getByRole('heading', { name: sayOf(tour, `waiting.title.${state}`) }).waitFor()
    await page.locator('.ayes-status').waitFor()
    await look(`page-${name}`, page)
    // The same as it is where its script does not come.
    const plain = await context.newPage()
    await plain.route('**/embed.js', (route) => route.abort())
    await plain.goto(page.url())
    await look(`plain-${name}`, plain)
    if (name === 'sent') {
      await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
      await page.getByRole('heading', { name: sayOf(tour, 'waiting.title.confirmed') }).waitFor()
      await look('page-confirmed', page)
      await plain.reload()
      await look('plain-confirmed', plain)
    }
    await plain.close()
    await page.close()
  }
}

async function openForm({ context, service, slug }: Tour): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${service.base}/forms/${slug}`)
  await page.locator('ayes-form[live]').waitFor()
  return page
}

/** By the live form. */
async function send(page: Page, email: string): Promise<void> {
  await page.locator('ayes-form[live]').waitFor()
  await page.locator('#email').fill(email)
  await page.locator('#email').press('Enter')
}

/** By the form as it is without script. */
async function post(page: Page, email: string, more: Record<string, string> = {}): Promise<void> {
  const slug = await page.locator('input[name=list]').first().getAttribute('value')
  if (!page.url().includes('/forms/')) await page.goto(new URL(`/forms/${slug}`, page.url()).href)
  const fields = JSON.stringify({ email, ...more })
  await Promise.all([
    page.waitForURL(/\/signups/),
    page.evaluate(`(() => {
      const form = document.querySelector('ayes-form form')
      for (const [name, value] of Object.entries(${fields})) {
        const field = form.elements[name] ?? Object.assign(document.createElement('input'), { type: 'hidden', name })
        field.value = value
        form.append(field)
      }
      sessionStorage.setItem('ayes:email', ${JSON.stringify(email)})
      HTMLFormElement.prototype.submit.call(form)
    })()`),
  ])
  await page.waitForLoadState('load')
}

/** Waits until the view of a sent form says so. */
function told(page: Page, words: string): Promise<void> {
  return page.locator('.ayes-status').getByText(words).first().waitFor()
}

/** What the script says under this key, as far as it stands before the first place to be filled. */
function sayOf({ service, locale, slug }: Tour, key: string): string {
  return service.service.templates.scriptWords(locale, slug)[key]?.split('{')[0] ?? key
}
