// A list that allows one site: its form works there, in script, without, and in a frame, and is refused on another.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { newAddress, statusOf } from '../support/http.ts'
import { putList } from '../support/list-sites.ts'
import { embeddedForm, type OtherSite, openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('a list that allows one site', () => {
  const browser = useBrowser()
  let service: TestService
  let allowed: { form: OtherSite; frame: OtherSite }
  let other: { form: OtherSite; frame: OtherSite }

  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
    const open = async () => ({
      form: await openOtherSite(service.base, embeddedForm(service.base, 'own')),
      frame: await openOtherSite(
        service.base,
        `<iframe src="${service.base}/forms/own" title="Newsletter" width="600" height="600"></iframe>`,
      ),
    })
    allowed = await open()
    other = await open()
    const sites = [allowed.form, allowed.frame].map(({ url }) => new URL(url).origin)
    await putList(service, 'own', { name: 'Own', allowed_origins: sites })
  })
  afterAll(async () => {
    for (const site of [allowed, other]) {
      await site?.form.close()
      await site?.frame.close()
    }
    await service?.close()
  })

  async function opened(url: string, javaScriptEnabled = true): Promise<Page> {
    const page = await (await browser.context({ javaScriptEnabled })).newPage()
    await page.goto(url)
    return page
  }

  async function fill(page: Page, email: string): Promise<void> {
    await page.getByLabel('Your email address').fill(email)
    await page.getByRole('button', { name: 'Subscribe' }).click()
  }

  const live = (page: Page) => page.locator('ayes-form[live]').waitFor()

  test('is signed up for on that site, without leaving it', async () => {
    const email = newAddress()
    const page = await opened(allowed.form.url)
    await live(page)
    await fill(page, email)
    await page.locator('.ayes-waiting .ayes-title').waitFor()
    expect(page.url()).toBe(allowed.form.url)
    expect(await statusOf(service, email)).toEqual(['pending'])
  })

  test('is signed up for there without script too, over the page that asks back', async () => {
    const local = newAddress().replace('@example.com', '')
    const page = await opened(allowed.form.url, false)
    await fill(page, `${local}@gmial.com`)
    await page.getByRole('button', { name: `Yes, use ${local}@gmail.com` }).click()
    await page.waitForURL(/\/signups\/[\w-]+$/)
    expect(await statusOf(service, `${local}@gmail.com`)).toEqual(['pending'])
  })

  test.each([true, false])('is refused on another site, in plain words (script: %s)', async (script) => {
    const email = newAddress()
    const page = await opened(other.form.url, script)
    // The script and its words are anybody's; what the form sends is not taken.
    if (script) await live(page)
    await fill(page, email)
    await page.getByRole('heading', { name: 'This form may not be used here' }).waitFor()
    expect(page.url()).toBe(`${service.base}/signups`)
    expect(await statusOf(service, email)).toEqual([])
  })

  test.each([true, false])('is signed up for in a frame on that site (script: %s)', async (script) => {
    const local = newAddress().replace('@example.com', '')
    const page = await opened(allowed.frame.url, script)
    const frame = page.frameLocator('iframe')
    if (script) await frame.locator('ayes-form[live]').waitFor()
    await frame.getByLabel('Your email address').fill(`${local}@gmial.com`)
    await frame.getByRole('button', { name: 'Subscribe' }).click()
    await frame.getByRole('button', { name: `Yes, use ${local}@gmail.com` }).click()
    await frame.locator('ayes-waiting, .ayes-waiting .ayes-title').first().waitFor()
    expect(await statusOf(service, `${local}@gmail.com`)).toEqual(['pending'])
  })

  test('is shown in no frame of another site', async () => {
    const page = await (await browser.context()).newPage()
    const refusal = page.waitForEvent('console', {
      predicate: (message) => /frame-ancestors/.test(message.text()),
    })
    await page.goto(other.frame.url)
    await refusal
    expect(await page.frameLocator('iframe').locator('form').count()).toBe(0)
  })

  test('is signed up for on our own page, over every page on the way, without script', async () => {
    const local = newAddress().replace('@example.com', '')
    const page = await opened(`${service.base}/forms/own`, false)
    await fill(page, 'nonsense')
    await page.locator('#error').waitFor()
    await page.getByLabel('Your email address').fill(`${local}@gmial.com`)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('button', { name: `No, ${local}@gmial.com is right` }).click()
    await page.waitForURL(/\/signups\/[\w-]+$/)
    expect(await statusOf(service, `${local}@gmial.com`)).toEqual(['pending'])
  })
})
