// What stands behind the links of letters: to confirm in every case, to decline, and to leave.
import { sql } from 'kysely'
import { makeLinkToken } from '../../src/core/tokens.ts'
import { letterFor } from './http.ts'
import type { Tour } from './taken-tour.ts'

export async function seeLinks(tour: Tour): Promise<void> {
  await seeConfirm(tour)
  await seeGone(tour)
  await seeDecline(tour)
  await seeLeave(tour)
}

async function newLetter({ service, slug, locale, newEmail }: Tour) {
  const email = newEmail()
  return { email, ...(await letterFor(service, email, { list: slug, locale })) }
}

async function seeConfirm(tour: Tour): Promise<void> {
  const { service, careful, context, look } = tour
  const { confirm } = await newLetter(tour)
  const page = await context.newPage()
  await page.goto(careful.base + confirm)
  await look('link-always', page)
  await page.goto(service.base + confirm, { waitUntil: 'networkidle' })
  await look('link', page)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('ArrowDown')])
  await look('link-confirmed', page)
  await page.goto(service.base + confirm)
  await look('link-already', page)
  await page.close()
}

async function seeGone(tour: Tour): Promise<void> {
  const { service, context, look } = tour
  const ends: readonly (readonly [string, string])[] = [
    ['link-expired', "expires_at = now() - interval '1 second'"],
    ['address-invalid', "status = 'invalid', reason = 'mailbox-does-not-exist', ended_at = now()"],
    ['replaced', "status = 'replaced', ended_at = now()"],
  ]
  const page = await context.newPage()
  for (const [code, end] of ends) {
    const { email, confirm } = await newLetter(tour)
    await sql`update signups set ${sql.raw(end)} where email = ${email}`.execute(service.service.db)
    await page.goto(service.base + confirm)
    await look(`gone-${code}`, page)
    if (code !== 'link-expired') continue
    await page.locator('form button').click()
    await page.waitForURL(/\/signups\//)
    await page.locator('.ayes-status').waitFor()
    await look('gone-renewed', page)
  }
  const { email, confirm } = await newLetter(tour)
  await sql`delete from signups where email = ${email}`.execute(service.service.db)
  await page.goto(service.base + confirm)
  await look('gone-forgotten', page)
  await page.close()
}

async function seeDecline(tour: Tour): Promise<void> {
  const { service, context, look } = tour
  const { confirm, notMe } = await newLetter(tour)
  const page = await context.newPage()
  await page.goto(service.base + notMe)
  await look('not-me', page)
  await page.locator('form button').click()
  await page.locator('form[action$="/undo"]').waitFor()
  await look('not-me-done', page)
  await page.goto(service.base + confirm)
  await look('gone-declined', page)
  await page.goto(service.base + notMe)
  await page.locator('form button').click()
  await page.waitForURL(/\/undo$/)
  await look('not-me-undone', page)
  await page.close()
}

async function seeLeave(tour: Tour): Promise<void> {
  const { service, context, look } = tour
  const { email, confirm } = await newLetter(tour)
  await service.fetch(confirm, { method: 'POST' })
  const { db, ring } = service.service
  const { id } = await db
    .selectFrom('signups')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow()
  const leave = `${service.base}/unsubscribe/${makeLinkToken(ring.current, 'unsubscribe', id)}`
  const page = await context.newPage()
  await page.goto(leave)
  await look('unsubscribe', page)
  await page.locator('form button').click()
  await page.locator('form').waitFor({ state: 'detached' })
  await look('unsubscribed', page)
  await page.goto(service.base + confirm)
  await look('gone-unsubscribed', page)
  await page.close()
}
