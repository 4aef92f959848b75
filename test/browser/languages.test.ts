// Which language a visitor meets: the form's, else the browser's, else the list's; and it stays through the pages.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { makeHarvestList } from '../support/harvest-lists.ts'
import { letterFor, newAddress } from '../support/http.ts'
import { openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('the language', () => {
  const browser = useBrowser()
  let service: TestService
  let german = ''
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
    german = await makeHarvestList(service, 'de')
  })
  afterAll(() => service?.close())

  async function opened(url: string, locale: string): Promise<Page> {
    const page = await (await browser.context({ locale })).newPage()
    await page.goto(url)
    return page
  }
  const langOf = (page: Page) => page.locator('html').getAttribute('lang')

  test.each([
    ['what the address asks for', '?locale=ja', 'fr-FR', 'ja'],
    ['else the browser’s', '', 'fr-CA', 'fr'],
    ['else the list’s', '', 'fi-FI', 'de'],
  ])('of the form’s page is %s', async (_, query, locale, expected) => {
    const page = await opened(`${service.base}/forms/${german}${query}`, locale)
    expect(await langOf(page)).toBe(expected)
  })

  test.each([
    [
      'of a field of the form',
      '<input type="hidden" name="locale" value="ja">',
      'lang="es"',
      'fr-FR',
      'メール',
    ],
    ['else of the nearest element that has one', '', 'lang="es"', 'fr-FR', 'Escribe tu'],
    ['else of the browser', '', '', 'fr-FR', 'Veuillez saisir'],
    ['else of the list', '', '', 'fi-FI', 'Bitte geben Sie'],
  ])('of an embedded form is that %s', async (_, field, lang, locale, expected) => {
    const body = `<script src="${service.base}/embed.js" defer></script>
<ayes-form list="${german}" ${lang}><form method="post" action="${service.base}/signups">${field}
<label for="e">@</label><input id="e" type="email" name="email"><button>OK</button></form></ayes-form>`
    // A site that says nothing of its own language.
    const site = await openOtherSite(service.base, body, '')
    try {
      const page = await (await browser.context({ locale })).newPage()
      await page.goto(site.url)
      await page.locator('ayes-form[live]').waitFor()
      await page.getByRole('button', { name: 'OK' }).click()
      await page.getByRole('alert').filter({ hasText: expected }).waitFor()
    } finally {
      await site.close()
    }
  })

  test('of a signup stays, whatever browser its links are opened in', async () => {
    const { letter, confirm, notMe } = await letterFor(service, newAddress(), { list: german, locale: 'fr' })
    expect(letter.html).toContain('lang="fr"')
    for (const path of [confirm, notMe]) {
      expect(await langOf(await opened(service.base + path, 'ja-JP'))).toBe('fr')
    }
  })
})
