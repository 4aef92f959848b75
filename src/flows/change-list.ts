// A list is made by its first change. What a change does not name stays as it is.
import type { ListChange } from './lists.ts'
import type { Service } from './service.ts'

export type ListWishes = { readonly [Field in keyof ListChange]?: ListChange[Field] | undefined }

type Deps = Pick<Service, 'lists' | 'now'>

export async function changeList(deps: Deps, slug: string, wishes: ListWishes): Promise<'made' | 'changed'> {
  return deps.lists.change(
    slug,
    (before) => {
      const kept: ListChange = before ?? newList(slug)
      return {
        name: wishes.name ?? kept.name,
        locale: wishes.locale ?? kept.locale,
        from: wanted(wishes.from, kept.from),
        replyTo: wanted(wishes.replyTo, kept.replyTo),
        confirmedUrl: wanted(wishes.confirmedUrl, kept.confirmedUrl),
        organisation: wanted(wishes.organisation, kept.organisation),
        privacyUrl: wanted(wishes.privacyUrl, kept.privacyUrl),
        consent: wanted(wishes.consent, kept.consent),
        suggestDomains: wishes.suggestDomains ?? kept.suggestDomains,
        allowedOrigins: wanted(wishes.allowedOrigins, kept.allowedOrigins),
      }
    },
    deps.now(),
  )
}

/** null clears, absent keeps */
function wanted<Value>(wish: Value | undefined, kept: Value): Value {
  return wish === undefined ? kept : wish
}

function newList(slug: string): ListChange {
  return {
    name: slug,
    locale: 'en',
    from: null,
    replyTo: null,
    confirmedUrl: null,
    organisation: null,
    privacyUrl: null,
    consent: null,
    suggestDomains: [],
    allowedOrigins: null,
  }
}
