// The page of a confirmation link: one movement of a person confirms, a scanner that renders it does not.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { everythingAbout, html, letterFor, newAddress, statusOf } from '../support/http.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('the link page', () => {
  const browser = useBrowser()
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
  })
  afterAll(() => service.close())

  async function linkFor(email: string): Promise<string> {
    return `${service.base}${(await letterFor(service, email)).confirm}`
  }

  async function opened(link: string, options = {}): Promise<Page> {
    const page = await (await browser.context(options)).newPage()
    await page.goto(link, { waitUntil: 'load' })
    return page
  }

  /** How the confirmation came about, as its event says. */
  async function confirmedBy(email: string): Promise<unknown[]> {
    const rows = await service.service.db
      .selectFrom('events')
      .innerJoin('signups', 'signups.id', 'events.signup_id')
      .select('events.detail')
      .where('signups.email', '=', email)
      .where('events.type', '=', 'confirmed')
      .execute()
    return rows.map(({ detail }) => detail)
  }

  const evidence: [string, (page: Page) => Promise<void>, object][] = [
    ['the mouse is moved', (page) => page.mouse.move(200, 200), {}],
    ['the screen is touched', (page) => page.touchscreen.tap(20, 20), { hasTouch: true }],
    ['a key is pressed', (page) => page.keyboard.press('ArrowDown'), {}],
  ]
  test.each(evidence)('confirms when %s', async (_, act, options) => {
    const email = newAddress()
    const page = await opened(await linkFor(email), options)
    await act(page)
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await statusOf(service, email)).toEqual(['confirmed'])
    expect(await confirmedBy(email)).toEqual([{ by: 'evidence' }])
  })

  test('posts once, though the button is pressed while the answer to a movement is on its way', async () => {
    const email = newAddress()
    const page = await opened(await linkFor(email))
    let posts = 0
    page.on('request', (request) => {
      if (request.method() === 'POST') posts++
    })
    await page.evaluate(
      `addEventListener('pointermove', () => setTimeout(() => document.querySelector('button').click()))`,
    )
    await page.mouse.move(10, 10)
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(posts).toBe(1)
  })

  test('confirms by its button, without script too', async () => {
    const email = newAddress()
    const page = await opened(await linkFor(email), { javaScriptEnabled: false })
    await page.getByRole('button').click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(await confirmedBy(email)).toEqual([{ by: 'button' }])
  })

  test('changes nothing for a scanner that fetches, or renders and waits, scrolls by script and makes events up', async () => {
    const email = newAddress()
    const link = await linkFor(email)
    const before = await everythingAbout(service, email)
    for (const method of ['GET', 'HEAD']) await (await fetch(link, { method, headers: html })).text()
    const page = await opened(link)
    await page.waitForLoadState('networkidle')
    await page.evaluate(`
      for (const name of ['pointermove', 'mousemove', 'pointerdown', 'touchstart', 'keydown', 'wheel', 'click'])
        document.body.dispatchEvent(new Event(name, { bubbles: true }))
      scrollTo(0, 100)`)
    await page.screenshot()
    expect(page.url()).toBe(link)
    expect(await everythingAbout(service, email)).toBe(before)
  })

  test('takes a shortcut of the browser for no consent', async () => {
    const email = newAddress()
    const page = await opened(await linkFor(email))
    await page.keyboard.press('Control+ArrowRight')
    expect(await page.getByRole('button').isVisible()).toBe(true)
    expect(await statusOf(service, email)).toEqual(['pending'])
  })

  test('breaks no rule of its own policy', async () => {
    const page = await (await browser.context()).newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(await linkFor(newAddress()), { waitUntil: 'networkidle' })
    expect(complaints).toEqual([])
  })
})
