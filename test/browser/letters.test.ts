// Each letter as a mail program with a browser inside shows it, at two widths and in two colour schemes.
// PICTURES=folder npm test -- test/browser/letters leaves a picture of each.
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { letterExamples } from '../../src/templates/examples.ts'
import type { LetterKind } from '../../src/templates/models.ts'
import { openTemplates } from '../../src/templates.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'

const templates = await openTemplates('templates')
const { PICTURES } = process.env
const kinds: LetterKind[] = ['confirmation', 'already', 'report']
const looks = [320, 600].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

describe.skipIf(chromiumPath === null)('letters in a browser', () => {
  const browser = useBrowser()

  describe.each(looks)('at $width px, $colorScheme', ({ width, colorScheme }) => {
    test.each(templates.locales)('in %s', async (locale) => {
      const context = await browser.context({ viewport: { width, height: 700 }, colorScheme })
      const asked: string[] = []
      await context.route('**/*', (route) => {
        asked.push(route.request().url())
        return route.abort()
      })
      const page = await context.newPage()
      for (const kind of kinds) {
        await page.setContent(render(kind, locale), { waitUntil: 'load' })
        if (PICTURES !== undefined) {
          const name = `${kind}-${width}-${colorScheme}.png`
          await page.screenshot({ path: join(PICTURES, 'letters', locale, name), fullPage: true })
        }
        const seen = await look(page)
        const which = `${kind} in ${locale}`
        expect(seen.overflow, `${which}: scrolls sideways`).toBeLessThanOrEqual(0)
        expect(seen.texts.length, which).toBeGreaterThan(5)
        const pale = seen.texts.filter(({ ink, grounds }) => contrast(ink, grounds) < 4.5)
        expect(pale, `${which}: too little contrast`).toEqual([])
        expect(seen.isDark, which).toBe(colorScheme === 'dark')
        expect(seen.preheader, which).toBe(0)
        if (kind === 'confirmation') expect(seen.button, which).toBeGreaterThanOrEqual(44)
      }
      expect(asked).toEqual([])
      await context.close()
    })
  })
})

function render(kind: LetterKind, locale: string): string {
  const token = 'k7f3q2mzt5xw4ahd6rcp3nbv2s'
  if (kind === 'report') return templates.letter(kind, locale, letterExamples.report).html
  if (kind === 'already') return templates.letter(kind, locale, letterExamples.already).html
  const confirmUrl = `https://a-rather-long-host-name.newsletters.example.com/some/path/confirm/${token}`
  return templates.letter(kind, locale, { ...letterExamples.confirmation, confirmUrl }).html
}

type Seen = {
  overflow: number
  button: number
  preheader: number
  isDark: boolean
  texts: { words: string; ink: string; grounds: string[] }[]
}

/** A text, since this is code of the page: the compiler here knows no document. */
const measure = `(() => {
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const words = node.data.trim()
    const parent = node.parentElement
    if (words === '' || parent.getClientRects().length === 0) continue
    const grounds = []
    for (let at = parent; at; at = at.parentElement) grounds.push(getComputedStyle(at).backgroundColor)
    texts.push({ words, ink: getComputedStyle(parent).color, grounds })
  }
  const button = document.querySelector('.action a')
  return {
    overflow: document.documentElement.scrollWidth - innerWidth,
    button: button ? button.getBoundingClientRect().height : 0,
    preheader: document.body.firstElementChild.getBoundingClientRect().height,
    isDark: getComputedStyle(document.body).backgroundColor === 'rgb(18, 20, 24)',
    texts,
  }
})()`

function look(page: Page): Promise<Seen> {
  return page.evaluate<Seen>(measure)
}

/** WCAG 2.2, contrast ratio; the ground is the innermost that is painted. */
function contrast(ink: string, grounds: readonly string[]): number {
  const ground = grounds.find((colour) => !/^rgba\(.*, 0\)$/.test(colour)) ?? 'rgb(255, 255, 255)'
  const [light = 0, dark = 0] = [luminance(ink), luminance(ground)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
