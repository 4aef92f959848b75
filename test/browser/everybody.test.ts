// Pages for people who use no mouse, large letters, a narrow window, few colors, or want nothing to move.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overflowOf, styleOf } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { letterFor, newAddress, statusOf } from '../support/http.ts'
import { letterTo, linkIn } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('for everybody', () => {
  const browser = useBrowser()
  let service: TestService
  /** The button alone confirms there: a key on the page is not yet a yes. */
  let careful: TestService
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
    careful = await startTestService({ LETTERS_PER_LIST: 'off', CONFIRM_BUTTON: 'always' })
  })
  afterAll(async () => {
    await careful?.close()
    await service?.close()
  })

  /** Goes on with Tab until the focus is there, and sees that it shows. */
  async function tabTo(page: Page, name: RegExp): Promise<void> {
    for (let steps = 0; steps < 12; steps++) {
      await page.keyboard.press('Tab')
      const [words, ring] = await page.evaluate<[string, string]>(`(() => {
        const at = document.activeElement
        return [at.labels?.[0]?.textContent ?? at.textContent, getComputedStyle(at).outlineStyle]
      })()`)
      if (!name.test(words)) continue
      expect(ring, `the ring around ${words}`).toBe('solid')
      return
    }
    throw new Error(`Tab does not lead to ${name}`)
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()

  test('the whole life is lived with the keyboard alone', async () => {
    const page = await (await browser.context()).newPage()
    await page.goto(`${careful.base}/forms/default`)
    await page.locator('ayes-form[live]').waitFor()
    await tabTo(page, /^Your email address$/)
    await page.keyboard.type('keys@gmial.com')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Yes, use keys@gmail.com' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Now check your inbox').waitFor()
    const email = 'keys@gmail.com'
    const letter = await letterTo(careful, email)

    await page.goto(careful.base + linkIn(letter, 'confirm'))
    await tabTo(page, /^Yes, sign me up$/)
    expect(await statusOf(careful, email)).toEqual(['pending'])
    await page.keyboard.press('Enter')
    await heading(page, 'Welcome, you are on the list')

    await page.goto(careful.base + linkIn(letter, 'not-me'))
    await tabTo(page, /^It wasn’t me$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Thank you for telling us')
    expect(await statusOf(careful, email)).toEqual(['unsubscribed'])
    await tabTo(page, /^Take it back$/)
    await page.keyboard.press('Enter')
    await heading(page, 'Taken back')
    await tabTo(page, /^To the signup form$/)
    await page.keyboard.press('Enter')
    await page.locator('ayes-form[live]').waitFor()
  })

  test('letters of twice the size, and 320 px, need no scrolling to the side', async () => {
    const { confirm, notMe } = await letterFor(service, newAddress())
    const { handle } = (await (await service.signUp({ email: newAddress() })).json()) as { handle: string }
    const paths = [
      '/forms/default',
      confirm,
      notMe,
      `/signups/${handle}`,
      '/nowhere',
      '/',
      '/dev/mailbox',
      '/docs',
    ]
    const page = await (await browser.context()).newPage()
    const faults: string[] = []
    for (const path of paths) {
      await page.goto(service.base + path)
      await page.setViewportSize({ width: 320, height: 640 })
      if ((await overflowOf(page)) > 0) faults.push(`${path} at 320 px`)
      await page.setViewportSize({ width: 640, height: 800 })
      await page.evaluate("document.documentElement.style.fontSize = '200%'")
      if ((await overflowOf(page)) > 0) faults.push(`${path} in letters of twice the size`)
    }
    expect(faults).toEqual([])
  })

  test('nothing moves, and buttons have an edge where colors are forced', async () => {
    const page = await (await browser.context({ forcedColors: 'active' })).newPage()
    await page.goto(`${service.base}/forms/default`)
    await page.locator('ayes-form[live]').waitFor()
    const moving = `[...document.querySelectorAll('*')].filter((one) => {
      const { transitionDuration, animationName } = getComputedStyle(one)
      return transitionDuration !== '0s' || animationName !== 'none'
    }).map((one) => one.tagName)`
    expect(await page.evaluate(moving)).toEqual([])
    expect(await styleOf(page, 'ayes-form > form button', 'borderTopStyle')).toBe('solid')
  })
})
