// Arabic: the page runs from right to left, and addresses inside it from left to right.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { styleOf } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { makeHarvestList } from '../support/harvest-lists.ts'
import { letterFor, newAddress } from '../support/http.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('from right to left', () => {
  const browser = useBrowser()
  let service: TestService
  let slug = ''
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
    slug = await makeHarvestList(service, 'ar')
  })
  afterAll(() => service?.close())

  async function opened(path: string): Promise<Page> {
    const viewport = { width: 360, height: 740 }
    const page = await (await browser.context({ locale: 'ar-EG', viewport })).newPage()
    await page.goto(service.base + path)
    return page
  }

  /** How far the words of the element stand from either side of the card. */
  function margins(page: Page, selector: string): Promise<{ left: number; right: number }> {
    return page.evaluate(`(() => {
      const range = document.createRange()
      range.selectNodeContents(document.querySelector(${JSON.stringify(selector)}))
      const words = range.getBoundingClientRect()
      const card = document.querySelector('main').getBoundingClientRect()
      return { left: words.left - card.left, right: card.right - words.right }
    })()`)
  }

  /** `text direction` of whatever is set apart. */
  function apart(page: Page, selector: string): Promise<string[]> {
    return page.evaluate(`[...document.querySelectorAll(${JSON.stringify(`${selector} bdi`)})].map(
      (one) => one.textContent + ' ' + getComputedStyle(one).direction)`)
  }

  test('the form, its question and the waiting view are mirrored', async () => {
    const page = await opened(`/forms/${slug}`)
    await page.locator('ayes-form[live]').waitFor()
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    const label = await margins(page, 'label[for=email]')
    expect(label.right).toBeLessThan(label.left)
    const field = page.locator('#email')
    expect(await styleOf(page, '#email', 'direction')).toBe('ltr')
    expect(await styleOf(page, 'blockquote', 'borderRightWidth')).toBe('4px')
    expect(await styleOf(page, 'blockquote', 'borderLeftWidth')).toBe('0px')

    await field.fill('refuse-5.1.1@gmial.com')
    await field.press('Enter')
    await page.locator('.ayes-keep').waitFor()
    expect(await apart(page, '.ayes-question')).toEqual([
      'refuse-5.1.1@gmial.com ltr',
      'refuse-5.1.1@gmail.com ltr',
    ])
    expect(await apart(page, '.ayes-choices')).toEqual([
      'refuse-5.1.1@gmail.com ltr',
      'refuse-5.1.1@gmial.com ltr',
    ])
    const question = await margins(page, '.ayes-question')
    expect(question.right).toBeLessThan(40)

    await page.locator('.ayes-keep').click()
    await page.locator('.ayes-status + .ayes-actions .ayes-take').waitFor()
    expect(await apart(page, '.ayes-status')).toEqual([
      'refuse-5.1.1@gmial.com ltr',
      'refuse-5.1.1@gmail.com ltr',
    ])
    const title = await margins(page, '.ayes-title')
    expect(title.right).toBeLessThan(title.left)
  })

  test('the page of the link is mirrored, with the address in its own order', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email, { list: slug, locale: 'ar' })
    const page = await opened(confirm)
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl')
    expect(await apart(page, 'main')).toContain(`${email} ltr`)
    const heading = await margins(page, 'h1')
    expect(heading.right).toBeLessThan(heading.left)
  })

  test('a list with an English name stays in order inside Arabic words', async () => {
    const english = await makeHarvestList(service, 'en')
    const page = await opened(`/forms/${english}`)
    expect(await page.locator('html').getAttribute('lang')).toBe('ar')
    // A title has no markup: the name is set apart by signs that show nothing.
    expect(await page.title()).toContain('\u2068The Weekly Harvest\u2069')
    expect(await styleOf(page, 'blockquote', 'direction')).toBe('ltr')
  })
})
