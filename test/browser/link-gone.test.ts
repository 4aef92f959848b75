// Links that do not confirm any more: each says why on a page of its own, and has a way on that works.
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { letterFor, newAddress, statusOf } from '../support/http.ts'
import { letterTo, linkIn } from '../support/letters.ts'
import { startTestService, type TestService } from '../support/running-service.ts'

describe.skipIf(chromiumPath === null)('a link that does not confirm', () => {
  const browser = useBrowser()
  let service: TestService
  beforeAll(async () => {
    service = await startTestService({ LETTERS_PER_LIST: 'off' })
  })
  afterAll(() => service?.close())

  const change = (email: string, set: string) =>
    sql`update signups set ${sql.raw(set)} where email = ${email}`.execute(service.service.db)
  const act = (path: string) => service.fetch(path, { method: 'POST' })

  async function opened(path: string, options = {}): Promise<Page> {
    const page = await (await browser.context()).newPage()
    await page.goto(service.base + path, options)
    return page
  }
  const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
  const press = (page: Page, name: string) => page.getByRole('button', { name }).click()
  /** Our own form, live, where its link has led. */
  async function followToForm(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'To the signup form' }).click()
    await page.locator('ayes-form[live]').waitFor()
  }

  test('for the second time says so, and asks for nothing', async () => {
    const { confirm } = await letterFor(service, newAddress())
    await act(confirm)
    const page = await opened(confirm)
    await heading(page, 'You are already on the list')
    expect(await page.getByText('Newsletter').first().isVisible()).toBe(true)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByText('You can close this page').isVisible()).toBe(true)
  })

  const renewable: [string, string, string][] = [
    ['an old one', 'This link has expired', "expires_at = now() - interval '1 second'"],
    [
      'of an address that bounced',
      'Our email came back',
      "status = 'invalid', reason = 'mailbox-does-not-exist', ended_at = now()",
    ],
  ]
  test.each(renewable)('%s leads to a fresh one, which confirms', async (_, title, end) => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await change(email, end)
    const page = await opened(confirm)
    await heading(page, title)
    await press(page, 'Send me a new link')
    await heading(page, 'Now check your inbox')
    const fresh = await opened(linkIn(await letterTo(service, email, 2), 'confirm'))
    await press(fresh, 'Yes, sign me up')
    await heading(fresh, 'Welcome, you are on the list')
    await heading(page, 'You are on the list')
  })

  test('declined, it is taken back there, and the form works again', async () => {
    const email = newAddress()
    const { confirm, notMe } = await letterFor(service, email)
    await act(notMe)
    const page = await opened(confirm)
    await heading(page, 'This signup was stopped')
    await press(page, 'Take it back')
    await heading(page, 'Taken back')
    await followToForm(page)
    await page.getByLabel('Your email address').fill(email)
    await press(page, 'Subscribe')
    await letterTo(service, email, 2)
    expect((await statusOf(service, email)).sort()).toEqual(['declined', 'pending'])
    const later = await opened(confirm)
    await heading(later, 'This signup was stopped')
    await followToForm(later)
  })

  test('unsubscribed, it brings nobody back but leads to the form', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await act(confirm)
    await change(email, "status = 'unsubscribed', ended_at = now()")
    const page = await opened(confirm)
    await heading(page, 'You have left this list')
    await followToForm(page)
    expect(await statusOf(service, email)).toEqual(['unsubscribed'])
  })

  test('of an address that was corrected, it names the newer letter', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    const { id } = await service.service.db
      .selectFrom('signups')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    const correction = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const body = JSON.stringify({ email: newAddress() })
    expect((await service.admin(`/api/signups/${id}/correct`, { ...correction, body })).ok).toBe(true)
    const page = await opened(confirm)
    await heading(page, 'There is a newer link')
    expect(await page.getByText('the email that went to the corrected address').isVisible()).toBe(true)
    await followToForm(page)
  })

  test('of nothing that is kept, or of nothing at all, it says what to do', async () => {
    const email = newAddress()
    const { confirm } = await letterFor(service, email)
    await sql`delete from signups where email = ${email}`.execute(service.service.db)
    const forgotten = await opened(confirm)
    await heading(forgotten, 'This link has expired')
    expect(await forgotten.getByText('Please sign up once more').isVisible()).toBe(true)
    const cut = await opened(confirm.slice(0, -3), { referer: 'https://mail.example.com/inbox?folder=1' })
    await heading(cut, 'There is nothing here')
    const back = cut.getByRole('link', { name: 'Back to the previous page' })
    expect(await back.getAttribute('href')).toBe('https://mail.example.com/inbox?folder=1')
  })
})
