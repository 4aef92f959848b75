// <ayes-form> on a site of another origin, under a strict policy: from a typo to the welcome.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOn } from '../support/accessible.ts'
import { chromiumPath, useBrowser } from '../support/browser.ts'
import { eventually } from '../support/letters.ts'
import { embeddedForm, type OtherSite, openOtherSite } from '../support/other-site.ts'
import { startTestService, type TestService } from '../support/running-service.ts'
import { openSmtpSink, type SmtpSink } from '../support/smtp-sink.ts'

describe.skipIf(chromiumPath === null)('the embedded form', () => {
  const browser = useBrowser()
  let sink: SmtpSink
  let service: TestService
  let site: OtherSite
  /** Released by a test: until then the relay keeps its answer about `nobody@…` to itself. */
  let refuse = () => {}
  const asked = new Promise<void>((resolve) => {
    refuse = resolve
  })

  beforeAll(async () => {
    sink = await openSmtpSink({
      onRcptTo({ address }, _, callback) {
        if (!address.startsWith('nobody@')) return callback()
        void asked.then(() =>
          callback(Object.assign(new Error('5.1.1 No such user here'), { responseCode: 550 })),
        )
      },
    })
    service = await startTestService({
      SMTP_URL: sink.url,
      MAIL_FROM: 'News <news@example.com>',
      BOUNCE_ADDRESS: 'bounces@example.com',
      DNS_CHECK: 'off',
      LETTERS_PER_LIST: 'off',
    })
    site = await openOtherSite(service.base, embeddedForm(service.base))
  })
  afterAll(async () => {
    refuse()
    await service?.close()
    await sink?.close()
    await site?.close()
  })

  type Opened = { page: Page; complaints: string[]; asked: string[]; happened: () => Promise<string[]> }

  async function opened(options = {}): Promise<Opened> {
    const page = await (await browser.context(options)).newPage()
    const complaints: string[] = []
    const requests: string[] = []
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy|TrustedHTML/i.test(message.text())) complaints.push(message.text())
    })
    page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
    await page.addInitScript(`window.happened = []
      for (const name of ['suggestion', 'pending', 'confirmed', 'undeliverable'])
        document.addEventListener('ayes:' + name, (event) => window.happened.push(name + ' ' + event.detail.email))`)
    await page.goto(site.url)
    return { page, complaints, asked: requests, happened: () => page.evaluate<string[]>('window.happened') }
  }

  async function live(options = {}): Promise<Opened> {
    const one = await opened(options)
    await one.page.locator('ayes-form[live]').waitFor()
    return one
  }

  async function confirmLink(email: string): Promise<string> {
    const letter = await eventually(
      async () => sink.letters.find(({ to }) => to === email),
      `letter to ${email}`,
    )
    const path = /\/confirm\/[\w-]{43}/.exec(letter.raw.replaceAll('=\r\n', ''))?.[0]
    return `${service.base}${path}`
  }

  test('leads from a typo to the welcome, while the link is opened on a phone', async () => {
    const { page, complaints, asked: requests, happened } = await live()
    await page.getByLabel('Your email address').pressSequentially('ann@gmial.com')
    await page.getByRole('button', { name: 'Use ann@gmail.com' }).click()
    expect(await page.getByLabel('Your email address').inputValue()).toBe('ann@gmail.com')
    expect(requests.filter((url) => url.includes('/suggestions')).every((url) => !url.includes('ann'))).toBe(
      true,
    )
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByText('Now check your inbox').waitFor()
    const inbox = page.getByRole('link', { name: 'Open Gmail' })
    expect(await inbox.getAttribute('href')).toMatch(/^https:\/\/mail\.google\.com\/.*news%40example\.com/)
    expect(await violationsOn(page)).toEqual([])

    // A framework may move the element: the letter is followed on.
    await page.evaluate("document.querySelector('main').append(document.querySelector('ayes-form'))")
    await page.getByText('Now check your inbox').waitFor()

    const phone = await (await browser.context({ hasTouch: true, isMobile: true })).newPage()
    await phone.goto(await confirmLink('ann@gmail.com'))
    await phone.touchscreen.tap(20, 20)
    await phone.getByRole('heading', { name: 'Welcome' }).waitFor()
    await page.getByText('You are on the list', { exact: true }).waitFor()
    expect(await happened()).toEqual([
      'suggestion ann@gmial.com',
      'pending ann@gmail.com',
      'confirmed ann@gmail.com',
    ])
    expect(page.url()).toBe(site.url)
    expect(complaints).toEqual([])
  })

  test('says that the mailbox does not exist while the visitor is there, and has the form back', async () => {
    const { page, happened } = await live()
    await page.getByLabel('Your email address').fill('nobody@gmial.com')
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('button', { name: 'No, nobody@gmial.com is right' }).click()
    await page.getByText('Your email is on its way').waitFor()
    expect(await page.getByLabel('Your email address').isVisible()).toBe(false)
    refuse()
    await page.getByText('there is no such mailbox').waitFor()
    expect(await page.getByLabel('Your email address').inputValue()).toBe('nobody@gmial.com')
    expect(await page.getByRole('button', { name: 'Yes, use nobody@gmail.com' }).isVisible()).toBe(true)
    expect(await violationsOn(page)).toEqual([])
    expect((await happened()).at(-1)).toBe('undeliverable nobody@gmial.com')
  })

  test('is used with the keyboard alone, and says what is wrong beside the field', async () => {
    const { page } = await live()
    await page.keyboard.press('Tab')
    await page.keyboard.type('nonsense')
    await page.keyboard.press('Enter')
    const field = page.getByLabel('Your email address')
    await page.getByRole('alert').filter({ hasText: 'There is no @' }).waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const note = await field.getAttribute('aria-describedby')
    expect(await page.locator(`[id="${note}"]`).textContent()).toContain('There is no @')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('keys@yaho.com')
    await page.keyboard.press('Enter')
    // The service asks, and its first answer has the focus.
    await page.getByRole('button', { name: 'Yes, use keys@yahoo.com' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Now check your inbox').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('keys@yahoo.com')
    expect(await page.evaluate('document.activeElement.id')).toBe('e')
  })

  test('is an ordinary form without script, and where its words do not come', async () => {
    const { page } = await opened({ javaScriptEnabled: false })
    await page.getByLabel('Your email address').fill('plain@yaho.com')
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('button', { name: 'Yes, use plain@yahoo.com' }).click()
    await page.waitForURL(/\/signups\/[\w-]+$/)
    await page.getByRole('heading', { name: /inbox|on its way/ }).waitFor()

    const context = await browser.context()
    await context.route('**/embed.json*', (route) => route.abort())
    const wordless = await context.newPage()
    await wordless.goto(site.url)
    await wordless.getByLabel('Your email address').fill('wordless@example.com')
    await wordless.getByRole('button', { name: 'Subscribe' }).click()
    await wordless.waitForURL(/\/signups\/[\w-]+$/)
  })

  test('asks when the stream does not come, and stops asking when all is over', async () => {
    const context = await browser.context()
    await context.route('**/events', (route) => route.abort())
    const page = await context.newPage()
    await page.goto(site.url)
    await page.locator('ayes-form[live]').waitFor()
    await page.getByLabel('Your email address').fill('polled@example.com')
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByText('Now check your inbox').waitFor()
    await fetch(await confirmLink('polled@example.com'), { method: 'POST' })
    await page.getByText('You are on the list', { exact: true }).waitFor()
  })
})
