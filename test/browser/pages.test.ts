// Our own pages in a browser: live where script is, readable by everybody, at the width of a phone and of a desk.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOn } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { letterFor, newAddress, statusOf } from '../support/http.ts'
import { letterTo, linkIn } from '../support/letters.ts'
import { openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('in a browser', () => {
  const browser = useBrowser()
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
    const consent = 'I want the letter. I can leave at any time.'
    const body = JSON.stringify({
      name: 'News',
      consent,
      organisation: 'Green Fields',
      privacy_url: 'https://a.example/',
    })
    await service.admin('/api/lists/default', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body,
    })
  })
  afterAll(() => service.close())

  async function opened(path: string, options = {}): Promise<Page> {
    const page = await (await browser.context(options)).newPage()
    await page.goto(service.base + path)
    return page
  }

  /** Signs up by our own form, as a visitor. */
  async function signUp(page: Page, email: string): Promise<void> {
    await page.locator('ayes-form[live]').waitFor()
    await page.getByLabel('Your email address').fill(email)
    await page.getByRole('button', { name: 'Subscribe' }).click()
  }

  test('the browser that signed up on our page needs no more than the link', async () => {
    const email = newAddress()
    const page = await opened('/forms/default')
    await signUp(page, email)
    await page.getByText('Now check your inbox').waitFor()
    const link = service.base + linkIn(await letterTo(service, email), 'confirm')
    const tab = await page.context().newPage()
    await tab.goto(link)
    await tab.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await statusOf(service, email)).toEqual(['confirmed'])
    await page.getByText('You are on the list', { exact: true }).waitFor()
    const { db } = service.service
    const events = await db.selectFrom('events').select('detail').where('type', '=', 'confirmed').execute()
    expect(events.at(-1)?.detail).toEqual({ by: 'own-browser' })
  })

  test('another address than the one that signed up here needs a person', async () => {
    const page = await opened('/forms/default')
    await signUp(page, newAddress())
    await page.getByText('Now check your inbox').waitFor()
    const other = newAddress()
    await page.goto(service.base + (await letterFor(service, other)).confirm, { waitUntil: 'networkidle' })
    expect(await page.getByRole('button').isVisible()).toBe(true)
    expect(await statusOf(service, other)).toEqual(['pending'])
  })

  test('the waiting page follows the letter, and a refusal that comes late leads back to the form', async () => {
    const page = await opened('/forms/default')
    const email = 'late-5.1.1@gmial.com'
    // The page is reached by the plain form's post: its script has not come yet.
    await page.evaluate(`(() => {
      const form = document.querySelector('ayes-form form')
      const plain = form.cloneNode(true)
      document.body.append(plain)
      plain.elements.email.value = '${email}'
      plain.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'as_typed', value: '1' }))
      plain.requestSubmit()
    })()`)
    await page.waitForURL(/\/signups\/[\w-]+$/)
    await page.locator('.ayes-status').getByText(email).first().waitFor()
    await page.getByRole('heading', { name: 'Our email did not arrive' }).waitFor()
    expect(await page.title()).toBe('Our email did not arrive')
    expect(await violationsOn(page)).toEqual([])
    await page.getByRole('button', { name: 'Yes, use late-5.1.1@gmail.com' }).click()
    await page.locator('ayes-form[live]').waitFor()
    expect(await page.getByLabel('Your email address').inputValue()).toBe('late-5.1.1@gmail.com')
  })

  test('the form works in the frame of another site, without the snippets, and the link page in none', async () => {
    const { confirm } = await letterFor(service, newAddress())
    const frames = `<iframe title="form" src="${service.base}/forms/default" width="340" height="600"></iframe>
<iframe title="link" src="${service.base}${confirm}"></iframe>`
    const site = await openOtherSite(service.base, frames)
    try {
      const page = await (await browser.context()).newPage()
      await page.goto(site.url)
      const form = page.frameLocator('iframe[title=form]')
      await form.locator('ayes-form[live]').waitFor()
      expect(await form.locator('.owner').count()).toBe(0)
      await form.getByLabel('Your email address').fill(newAddress())
      await form.getByRole('button', { name: 'Subscribe' }).click()
      await form.getByText('Now check your inbox').waitFor()
      expect(await page.frameLocator('iframe[title=link]').getByRole('button', { name: 'Yes' }).count()).toBe(
        0,
      )
    } finally {
      await site.close()
    }
  })

  test('the snippets name the source, and are copied', async () => {
    const page = await opened('/forms/default', { permissions: ['clipboard-read', 'clipboard-write'] })
    await page.locator('summary').click()
    await page.getByLabel('Where will it stand?').fill('footer"><b>')
    await page.getByRole('button', { name: 'Copy the HTML' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toContain('<input type="hidden" name="source" value="footerb">')
    expect(copied).toContain(`<form method="post" action="${service.base}/signups">`)
  })
})
