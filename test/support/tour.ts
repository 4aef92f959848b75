// Every page in every state that a visitor can meet, in one language, from a service that runs: whoever takes the tour
// looks at each, for faults or for a picture.
import { makeHarvestList } from './harvest-lists.ts'
import type { Tour } from './taken-tour.ts'
import { seeForm } from './tour-of-forms.ts'
import { seeLinks } from './tour-of-links.ts'
import { seeProblems } from './tour-of-problems.ts'

export async function seeEveryPage(given: Omit<Tour, 'slug' | 'newEmail'>): Promise<void> {
  const slug = await makeHarvestList(given.service, given.locale)
  const domain = given.locale === 'en' ? 'example.com' : `${given.locale.toLowerCase()}.example.com`
  let count = 0
  const tour: Tour = { ...given, slug, newEmail: () => `ada${count++ || ''}@${domain}` }
  await seeForm(tour)
  await seeLinks(tour)
  await seeProblems(tour)
  if (tour.locale === 'en') await seeWhatIsForDevelopers(tour)
}

async function seeWhatIsForDevelopers({ service, context, look, slug }: Tour): Promise<void> {
  const page = await context.newPage()
  await page.goto(`${service.base}/`)
  await look('home', page)
  await page.goto(`${service.base}/docs`)
  await look('docs', page)
  await page.goto(`${service.base}/forms/${slug}`)
  await page.locator('summary').click()
  await look('form-owner', page)
  await page.goto(`${service.base}/dev/mailbox`)
  await look('dev-mailbox', page)
  await page.locator('table a').first().click()
  await page.waitForLoadState('networkidle')
  await look('dev-letter', page)
  await page.close()
}
