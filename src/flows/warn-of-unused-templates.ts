// Templates of a list that there is not (yet) harm nobody; its slug may be misspelt, so the operator is told.
import type { Service } from './service.ts'

export async function warnOfUnusedTemplates(
  deps: Pick<Service, 'templates' | 'lists' | 'log'>,
): Promise<void> {
  for (const slug of deps.templates.listsWithOwn) {
    if ((await deps.lists.find(slug)) !== null) continue
    deps.log.warn('templates-of-unknown-list', { folder: `lists/${slug}`, setting: 'TEMPLATES_DIR' })
  }
}
