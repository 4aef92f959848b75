// PROOF_OF_WORK=on in a real browser: the form of another site does the work by itself, and so does the page that
// answers a plain form.
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOn } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { embeddedForm, type OtherSite, openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('a proof of work', () => {
  const browser = useBrowser()
  let service: TestService
  let site: OtherSite

  beforeAll(async () => {
    service = await startTestService({ PROOF_OF_WORK: 'on' })
    site = await openOtherSite(service.base, embeddedForm(service.base))
  })
  afterAll(async () => {
    await service?.close()
    await site?.close()
  })

  async function opened(url: string, options: BrowserContextOptions = {}) {
    const page = await (await browser.context(options)).newPage()
    const complaints: string[] = []
    const posts: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/i.test(message.text())) complaints.push(message.text())
    })
    page.on('response', (response) => {
      const request = response.request()
      if (request.method() === 'POST') posts.push(`${request.resourceType()} ${response.status()}`)
    })
    await page.goto(url)
    return { page, complaints, posts }
  }

  const field = (page: Page) => page.getByLabel('Your email address')
  const taken = (page: Page) => page.locator('.ayes-waiting .ayes-title').waitFor()
  const metric = async (outcome: string) => {
    const text = await service.service.metrics.text()
    return Number(
      new RegExp(`^ayes_proofs_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0,
    )
  }

  test('is done by the form of another site under a strict policy, with the keyboard alone', async () => {
    const { page, complaints, posts } = await opened(site.url)
    await page.locator('ayes-form[live]').waitFor()
    const email = newAddress()
    // What a screen reader hears: texts of the live region, in their order.
    await page.evaluate(`window.heard = []
      new MutationObserver(() => {
        const text = document.querySelector('.ayes-question').textContent
        if (text && window.heard.at(-1) !== text) window.heard.push(text)
      }).observe(document.querySelector('.ayes-question'), { childList: true, subtree: true })`)
    await page.keyboard.press('Tab')
    await page.keyboard.type(email)
    await page.keyboard.press('Enter')
    await taken(page)
    expect(posts).toEqual(['fetch 428', 'fetch 202'])
    expect(await page.evaluate('window.heard')).toEqual([
      'One moment …',
      expect.stringContaining('your browser is doing a small calculation'),
    ])
    expect(page.url()).toBe(site.url)
    expect(complaints).toEqual([])
    expect(await statusOf(service, email)).toEqual(['pending'])
    expect(await metric('too-early')).toBe(0)
  })

  test('is done once, after the question about a slip', async () => {
    const { page, posts } = await opened(`${service.base}/forms/default`)
    await page.locator('ayes-form[live]').waitFor()
    await field(page).fill('ann@gmial.com')
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('button', { name: 'Yes, use ann@gmail.com' }).click()
    await taken(page)
    expect(posts).toEqual(['fetch 409', 'fetch 428', 'fetch 202'])
  })

  test('leaves the page alive while it is done', async () => {
    const { page } = await opened(site.url)
    await page.locator('ayes-form[live]').waitFor()
    await field(page).fill(newAddress())
    await page.evaluate(`window.gaps = []
      let last = performance.now()
      setInterval(() => { window.gaps.push(performance.now() - last); last = performance.now() }, 10)`)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await taken(page)
    const gaps = await page.evaluate<number[]>('window.gaps')
    // A page that is blocked for a second has few; machines that are busy have some that are long.
    expect(gaps.length).toBeGreaterThan(20)
  })

  test('is done by our own page where the site’s browser cannot', async () => {
    const context = await browser.context()
    const page = await context.newPage()
    // As on a site that comes by plain http.
    await page.addInitScript(
      `if (location.origin === '${new URL(site.url).origin}') Object.defineProperty(crypto, 'subtle', { value: undefined })`,
    )
    await page.goto(site.url)
    await page.locator('ayes-form[live]').waitFor()
    const email = newAddress()
    await field(page).fill(email)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.waitForURL(/\/signups\/[\w-]{74}$/)
    expect(await statusOf(service, email)).toEqual(['pending'])
  })

  test('is done by our own page where that came by plain http, too', async () => {
    const page = await (await browser.context()).newPage()
    await page.addInitScript(`Object.defineProperty(crypto, 'subtle', { value: undefined })
      Object.defineProperty(window, 'isSecureContext', { value: false })`)
    await page.goto(`${service.base}/forms/default`)
    await page.locator('ayes-form[live]').waitFor()
    const email = newAddress()
    await field(page).fill(email)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.waitForURL(/\/signups\/[\w-]{74}$/)
    expect(await statusOf(service, email)).toEqual(['pending'])
    expect(await metric('invalid')).toBe(0)
  })

  test('is done for a plain form by the page that answers it, with all that was in it', async () => {
    const context = await browser.context()
    await context.route('**/embed.js', (route) => route.abort())
    const page = await context.newPage()
    await page.goto(site.url)
    const email = newAddress()
    await field(page).fill(email)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('heading', { name: 'One moment, please' }).waitFor()
    expect(await page.getByRole('status').textContent()).toContain('small calculation')
    await page.waitForURL(/\/signups\/[\w-]{74}$/)
    const row = await service.service.db
      .selectFrom('signups')
      .select(['status', 'source'])
      .where('email', '=', email)
      .executeTakeFirst()
    expect(row).toEqual({ status: 'pending', source: 'site' })
  })

  test('that cannot be done says what to do: without script, and where the browser fails', async () => {
    const scriptless = await opened(site.url, { javaScriptEnabled: false })
    await field(scriptless.page).fill(newAddress())
    await scriptless.page.getByRole('button', { name: 'Subscribe' }).click()
    expect(await scriptless.page.locator('noscript p').textContent()).toContain('switch JavaScript on')
    expect(await scriptless.page.getByText('small calculation, which keeps').isVisible()).toBe(false)
    const again = scriptless.page.waitForResponse((response) => response.status() === 428)
    await scriptless.page.getByRole('button', { name: 'Try again' }).click()
    await (await again).finished()
    await scriptless.page.locator('noscript p').waitFor()
    expect(scriptless.posts).toEqual(['document 428', 'document 428'])

    const page = await (await browser.context()).newPage()
    await page.addInitScript(`crypto.subtle.importKey = () => Promise.reject(new Error('broken'))`)
    await page.goto(site.url)
    await page.locator('ayes-form[live]').waitFor()
    await field(page).fill(newAddress())
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByText('That did not work. Please try once more.').waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true)
    expect(await violationsOn(page)).toEqual([])
  })
})
