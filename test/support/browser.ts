// A real browser, driven by playwright-core: one for each file of tests, a fresh context for each test.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

/** CHROMIUM_PATH, else the first of the usual names on PATH; null: none. */
export function findChromium(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env
  if (CHROMIUM_PATH !== undefined && CHROMIUM_PATH !== '') return CHROMIUM_PATH
  const places = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return places.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** For `describe.skipIf(chromiumPath === null)`; the reason is said once for each file. */
export const chromiumPath = findChromium()
if (chromiumPath === null) {
  process.stderr.write(
    'No Chromium (CHROMIUM_PATH, or chromium on PATH): the tests in a browser are skipped.\n',
  )
}

export type TestBrowser = {
  /** A context of its own (storage, cookies), closed with the browser. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
}

/** Launches before the file's tests and closes after them. */
export function useBrowser(): TestBrowser {
  let browser: Browser | null = null
  beforeAll(async () => {
    if (chromiumPath === null) return
    browser = await chromium.launch({
      executablePath: chromiumPath,
      // Containers have a small /dev/shm, and root has no sandbox; what is opened here is our own.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    })
  })
  afterAll(() => browser?.close())
  return {
    context(options = {}) {
      if (browser === null) throw new Error('the browser is not running')
      return browser.newContext({ locale: 'en-GB', ...options })
    },
  }
}
