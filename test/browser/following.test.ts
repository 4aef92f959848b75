// The open page and its letter, whatever happens on the way: streams that end, lines that die, a laptop that sleeps, a
// proxy that lets no stream through. Nothing that happened meanwhile is lost.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { type FollowedPage, followedPage } from '../support/followed-page.ts'
import { eventually } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { type Network, openNetwork } from '../support/weather.ts'

const streams = /\/events$/
const everything = /./
const minutes = (count: number) => count * 60_000

describe.skipIf(chromiumPath === null)('a page that follows its letter', () => {
  const browser = useBrowser()
  let service: TestService
  let network: Network
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
  })
  afterAll(() => service.close())
  beforeEach(async () => {
    network = await openNetwork(service.base)
    return () => network.close()
  })

  /** The page's clock goes on as usual, and can be put forward. */
  async function context(script?: string): Promise<BrowserContext> {
    const made = await browser.context()
    await made.clock.install()
    if (script !== undefined) await made.addInitScript(script)
    return made
  }

  async function following(script?: string): Promise<FollowedPage> {
    return followedPage({ service, network, context: await context(script) })
  }

  /** Puts the clock forward until the fact is there: pauses are driven, answers come at their own pace. */
  async function inTime(page: Page, fact: () => boolean): Promise<void> {
    await eventually(async () => {
      if (!fact()) await page.clock.runFor(1_000)
      return fact()
    })
  }

  test('opens its stream again when it has ended, and asks what it has missed', async () => {
    const one = await following()
    network.set(everything, 'cut')
    network.cutAll()
    await eventually(async () => one.asked().questions > 0)
    await one.confirm()
    network.set(everything, 'fine')
    await one.page.clock.runFor(minutes(1))
    await one.says('confirmed')
  })

  test('comes back to a service that was started anew', async () => {
    const first = await startTestService({ LETTERS_PER_LIST: 'off' })
    network.lead(first.base)
    const one = await followedPage({ service: first, network, context: await context() })
    // The second is there before the first ends, whose database goes with it.
    const second = await startTestService({ DATABASE_URL: first.databaseUrl, LETTERS_PER_LIST: 'off' })
    network.lead(second.base)
    network.cutAll()
    await inTime(one.page, () => one.asked().streams === 2)
    await one.confirm()
    await one.says('confirmed')
    await second.close()
    await first.close()
  })

  test('knows after a sleep what happened meanwhile, although its line is dead without saying so', async () => {
    const one = await following()
    network.mute()
    await one.confirm()
    await one.page.clock.fastForward(minutes(10))
    await one.says('confirmed')
  })

  test('is frozen and thawed by the browser, its line cut meanwhile, and catches up', async () => {
    const one = await following()
    const session = await one.page.context().newCDPSession(one.page)
    await session.send('Page.setWebLifecycleState', { state: 'frozen' })
    network.cutAll()
    await one.confirm()
    await session.send('Page.setWebLifecycleState', { state: 'active' })
    await one.page.clock.runFor(minutes(1))
    await one.says('confirmed')
  })

  test('is offline for a while, and asks as soon as the network is back', async () => {
    const one = await following()
    await one.page.context().setOffline(true)
    network.cutAll()
    await one.confirm()
    // No pause ends any more: what follows comes of the network's being back.
    await one.page.clock.pauseAt((await one.page.evaluate<number>('Date.now()')) + 30_000)
    await one.page.context().setOffline(false)
    // The browser may say so before it is so.
    await eventually(async () => {
      await one.page.evaluate(`dispatchEvent(new Event('online'))`)
      return one.hasSaid('confirmed')
    })
  })

  test('asks nothing while nobody looks at it, and once when somebody does again', async () => {
    const one = await following(
      `Object.defineProperty(document, 'hidden', { get: () => window.isAway === true })`,
    )
    await one.page.evaluate('window.isAway = true')
    network.cutAll()
    await eventually(async () => one.asked().questions === 1)
    await one.page.clock.runFor(minutes(20))
    expect(one.asked()).toEqual({ questions: 1, streams: 1 })
    await one.confirm()
    await one.page.evaluate(`window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))`)
    await one.says('confirmed')
    expect(one.asked()).toEqual({ questions: 2, streams: 1 })
  })

  test.each([
    ['there is no EventSource', 'delete window.EventSource', 'fine'],
    ['a proxy keeps the stream to itself', undefined, 'keep'],
    ['streams are cut', undefined, 'cut'],
  ] as const)('asks where %s, and tries a stream ever more rarely', async (_, script, weather) => {
    network.set(streams, weather)
    const made = await context(script)
    const one = await followedPage({ service, network, context: made }, null)
    await inTime(one.page, () => one.asked().questions > 12)
    await one.says('sent')
    const { questions, streams: tried } = one.asked()
    expect(tried).toBeLessThan(questions / 2)
    await one.confirm()
    await inTime(one.page, () => one.asked().questions > questions)
    await one.says('confirmed')
    const last = one.asked()
    await one.page.clock.runFor(minutes(10))
    expect(one.asked()).toEqual(last)
  })

  test('asks where its client has twenty streams already', async () => {
    const many = new AbortController()
    const { handle } = (await (await service.signUp({ email: 'many@example.com' })).json()) as {
      handle: string
    }
    const open = () => service.fetch(`/signups/${handle}/events`, { signal: many.signal })
    const answers = await Promise.all(Array.from({ length: 21 }, open))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
    const one = await following()
    expect(one.asked().questions).toBeGreaterThan(0)
    await one.confirm()
    await one.page.clock.runFor(minutes(1))
    await one.says('confirmed')
    many.abort()
  })

  test('says so when its day is over, and asks no more', async () => {
    const one = await following()
    // A handle that is too old is answered as one that never was.
    network.set(/^\/signups\//, 'lost')
    network.cutAll()
    await one.says('gone')
    await one.page.getByText('that day is over').waitFor()
    const asked = one.asked()
    await one.page.clock.runFor(minutes(60))
    expect(one.asked()).toEqual(asked)
    network.set(everything, 'fine')
    await one.page.getByRole('button', { name: 'Try another address' }).click()
    expect(await one.page.getByLabel('Your email address').inputValue()).toBe(one.email)
  })
})
