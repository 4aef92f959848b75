// A visitor who has signed up by our form, over a network that the test makes, and looks at what became of the letter.
import type { BrowserContext, Page } from 'playwright-core'
import { newAddress } from './http.ts'
import { letterTo, linkIn } from './letters.ts'
import type { TestService } from './running-service.ts'
import type { Network } from './weather.ts'

export type FollowedPage = {
  readonly page: Page
  readonly email: string
  /** `…/signups/HANDLE`, without the host. */
  readonly path: string
  /** The click on another device. */
  confirm(): Promise<void>
  /** Waits until the page says so. */
  says(state: string): Promise<void>
  hasSaid(state: string): Promise<boolean>
  /** Questions and streams of this page's letter that the network has seen. */
  asked(): { questions: number; streams: number }
}

export type Following = { service: TestService; network: Network; context: BrowserContext }

/** Comes back when the page has seen the letter go out, unless `until` says otherwise. */
export async function followedPage(
  { service, network, context }: Following,
  until: string | null = 'sent',
): Promise<FollowedPage> {
  const page = await context.newPage()
  const email = newAddress()
  const words = service.service.templates.scriptWords('en', 'default')
  const title = (state: string) =>
    page.locator('.ayes-title', { hasText: words[`waiting.title.${state}`] ?? 'no such words' })
  const says = (state: string) => title(state).waitFor()
  await page.goto(`${network.url}/forms/default`)
  await page.locator('ayes-form[live]').waitFor()
  await page.getByLabel('Your email address').fill(email)
  const answered = page.waitForResponse((answer) => answer.request().method() === 'POST')
  await page.getByRole('button', { name: 'Subscribe' }).click()
  const { handle } = (await (await answered).json()) as { handle: string }
  const path = `/signups/${handle}`
  if (until !== null) await says(until)
  return {
    page,
    email,
    path,
    says,
    hasSaid: (state) => title(state).isVisible(),
    async confirm() {
      const link = linkIn(await letterTo(service, email), 'confirm')
      const answer = await service.fetch(link, { method: 'POST' })
      if (answer.status !== 200) throw new Error(`confirming answered ${answer.status}`)
    },
    asked() {
      const count = (line: string) => network.asked.filter((one) => one === line).length
      return { questions: count(`GET ${path}`), streams: count(`GET ${path}/events`) }
    },
  }
}
