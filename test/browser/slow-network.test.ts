// The embedded form over a network that is slow, late or broken: it works as the plain form that it is, becomes live
// without taking anything away, and sends once.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { newAddress } from '../support/http.ts'
import { eventually, letterTo, linkIn } from '../support/letters.ts'
import { embeddedForm, type OtherSite, openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { type Network, openNetwork } from '../support/weather.ts'

const script = /^\/embed\.js/
const words = /^\/embed\.json/
const signups = /^\/signups$/

describe.skipIf(chromiumPath === null)('on a bad network the form', () => {
  const browser = useBrowser()
  let service: TestService
  let network: Network
  let site: OtherSite
  beforeAll(async () => {
    service = await startTestService()
  })
  afterAll(() => service.close())
  beforeEach(async () => {
    network = await openNetwork(service.base)
    site = await openOtherSite(network.url, embeddedForm(network.url))
    return async () => {
      await site.close()
      await network.close()
    }
  })

  const newPage = async () => (await browser.context()).newPage()
  const field = (page: Page) => page.getByLabel('Your email address')
  const send = (page: Page) => page.getByRole('button', { name: 'Subscribe' }).click({ noWaitAfter: true })
  const live = (page: Page) => page.locator('ayes-form[live]').waitFor()
  const sent = () => network.asked.filter((line) => line === 'POST /signups').length
  const askedFor = (path: RegExp) =>
    eventually(async () => network.asked.some((line) => path.test(line.split(' ')[1] ?? '')))

  async function lettersTo(email: string): Promise<number> {
    const { db } = service.service
    return (await db.selectFrom('letters').select('id').where('recipient', '=', email).execute()).length
  }

  async function says(page: Page, state: string): Promise<void> {
    const title = service.service.templates.scriptWords('en', 'default')[`waiting.title.${state}`] ?? ''
    await page.locator('.ayes-title', { hasText: title }).waitFor()
  }

  test('leads to the welcome at 50 KB a second and 800 ms a way', async () => {
    const page = await newPage()
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 800,
      downloadThroughput: 50 * 1024,
      uploadThroughput: 50 * 1024,
    })
    await page.goto(site.url, { waitUntil: 'commit' })
    const email = newAddress()
    await field(page).fill(email)
    await live(page)
    expect(await field(page).inputValue()).toBe(email)
    await send(page)
    await says(page, 'sent')
    await service.fetch(linkIn(await letterTo(service, email), 'confirm'), { method: 'POST' })
    await says(page, 'confirmed')
    expect([sent(), await lettersTo(email)]).toEqual([1, 1])
  })

  test.each([
    ['the script has not come', script, 'hold'],
    ['the script breaks off', script, 'break'],
    ['the words do not come', words, 'hold'],
    ['the words break off', words, 'break'],
    ['the words are refused', words, 'cut'],
  ] as const)('works at once where %s', async (_, path, weather) => {
    network.set(path, weather)
    const page = await newPage()
    await page.goto(site.url, { waitUntil: 'commit' })
    await askedFor(path)
    const email = newAddress()
    await field(page).fill(email)
    await send(page)
    await page.waitForURL(/\/signups\/[\w-]+$/, { waitUntil: 'commit' })
    expect(await lettersTo(email)).toBe(1)
  })

  test('becomes live under the fingers of whoever types', async () => {
    network.set(words, 'hold')
    const page = await newPage()
    await page.goto(site.url)
    await askedFor(words)
    await field(page).click()
    await page.keyboard.type('nowhere@example.com')
    for (let n = 0; n < '.com'.length; n++) await page.keyboard.press('ArrowLeft')
    network.set(words, 'fine')
    await live(page)
    await page.keyboard.type('-too')
    expect(await field(page).inputValue()).toBe('nowhere@example-too.com')
    await page.keyboard.press('Enter')
    await says(page, 'sent')
    expect(sent()).toBe(1)
  })

  test('that was sent before it could become live stays as it is, and is answered by a page', async () => {
    network.set(words, 'hold')
    network.set(signups, 'hold')
    const page = await newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    // A page on its way to the next one answers no questions: it tells by itself.
    await page.addInitScript(`new MutationObserver(() => {
      if (document.querySelector('ayes-form[live]')) console.log('live')
    }).observe(document, { attributes: true, childList: true, subtree: true })`)
    await page.goto(site.url)
    await askedFor(words)
    const email = newAddress()
    await field(page).fill(email)
    const answered = page.waitForResponse((answer) => answer.url().includes('/embed.json'))
    await send(page)
    await askedFor(signups)
    network.set(words, 'fine')
    await (await answered).finished()
    network.set(signups, 'fine')
    await page.waitForURL(/\/signups\/[\w-]+$/)
    expect(said).not.toContain('live')
    expect([sent(), await lettersTo(email)]).toEqual([1, 1])
  })

  test('is sent once, however often the button is pressed while the answer is on its way', async () => {
    network.set(signups, 'hold')
    const page = await newPage()
    await page.goto(site.url)
    await live(page)
    const email = newAddress()
    await field(page).fill(email)
    for (let n = 0; n < 3; n++) await send(page)
    await page.keyboard.press('Enter')
    await askedFor(signups)
    expect(await field(page).inputValue()).toBe(email)
    network.set(signups, 'fine')
    await says(page, 'sent')
    expect([sent(), await lettersTo(email)]).toEqual([1, 1])
  })

  test('whose answer breaks off is answered by a page, and one letter goes out', async () => {
    network.set(signups, 'break')
    const page = await newPage()
    await page.goto(site.url)
    await live(page)
    const email = newAddress()
    await field(page).fill(email)
    await send(page)
    await eventually(async () => sent() > 0)
    network.set(signups, 'fine')
    await page.waitForURL(/\/signups\/[\w-]+$/)
    expect(await lettersTo(email)).toBe(1)
  })

  test('says that it did not work where the browser is offline, and keeps what was typed', async () => {
    const page = await newPage()
    await page.goto(site.url)
    await live(page)
    const email = newAddress()
    await field(page).fill(email)
    await page.context().setOffline(true)
    await send(page)
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor()
    expect([page.url(), await field(page).inputValue()]).toEqual([site.url, email])
    await page.context().setOffline(false)
    await send(page)
    await says(page, 'sent')
    expect(await lettersTo(email)).toBe(1)
  })
})
