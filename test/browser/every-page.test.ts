// Every page in every state, in every language, at the width of a phone and of a desk, by day and by night: nothing that
// a screen reader would stumble over, nothing wider than its window, no dead end.
// The languages whose pages differ by words alone take a minute and a half: EVERY_LANGUAGE=1 looks at them too.
// PICTURES=folder npm test -- test/browser/every-page -t "in ar" leaves pictures of all that it sees.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { overflowOf, violationsOn } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { seeEveryPage } from '../support/tour.ts'

const { PICTURES, EVERY_LANGUAGE } = process.env
const looks = [360, 1200].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

describe.skipIf(chromiumPath === null)('every page', () => {
  const browser = useBrowser()
  let service: TestService
  let careful: TestService
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off', LETTERS_PER_MAILBOX: 'off' })
    const { databaseUrl: DATABASE_URL } = service
    const settings = { CONFIRM_BUTTON: 'always', PROOF_OF_WORK: 'on' }
    careful = await startTestService({ DATABASE_URL, ROLES: 'http', ...settings })
  })
  afterAll(async () => {
    await careful?.close()
    await service?.close()
  })

  async function tour(locale: string): Promise<void> {
    const context = await browser.context({ locale })
    const faults: string[] = []
    const seen: string[] = []
    // Colors and markup are the same in every language, and a page that fits a phone fits a desk.
    const isWhole = locale === 'en' || locale === 'ar'
    async function look(name: string, page: Page): Promise<void> {
      seen.push(name)
      for (const { width, colorScheme } of isWhole ? looks : looks.slice(0, 1)) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme })
        const fault = (text: string) => faults.push(`${name} at ${width} px, ${colorScheme}: ${text}`)
        if (PICTURES !== undefined) {
          const path = join(PICTURES, locale, `${name}-${width}-${colorScheme}.png`)
          await page.screenshot({ path, fullPage: name !== 'docs', animations: 'disabled' })
        }
        if ((await overflowOf(page)) > 0) fault('wider than its window')
        if (isWhole) for (const violation of await violationsOn(page)) fault(violation)
      }
    }
    await seeEveryPage({ service, careful, context, locale, look })
    expect(faults).toEqual([])
    expect(seen.length).toBeGreaterThan(45)
    await context.close()
  }

  test.each(['en', 'ar'])('in %s', { timeout: 300_000 }, tour)
  describe.skipIf(!EVERY_LANGUAGE)('with EVERY_LANGUAGE=1', () => {
    test.each(['de', 'fr', 'es', 'pt-BR', 'ja'])('in %s', { timeout: 300_000 }, tour)
  })
})
