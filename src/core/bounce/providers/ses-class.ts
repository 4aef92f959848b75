import type { Category } from '../category.ts'
import { entry } from './json-value.ts'
import type { FinalEvent, Lasting } from './weigh-event.ts'

/** How Amazon SES, and Resend after it, class a bounce by type and subtype. */
export type SesClass = {
  lasting: Lasting
  isSuppressed: boolean
  /** The class that automatic replies get as well. */
  isGeneralTransient: boolean
  otherwise: FinalEvent['otherwise']
}

const subtypes: Readonly<Record<string, Category>> = {
  mailboxfull: 'mailbox-full',
  messagetoolarge: 'other-permanent',
  contentrejected: 'policy-or-spam',
  attachmentrejected: 'policy-or-spam',
}

/** `type`, `subtype`: lower case, letters only. */
export function sesClass(type: string, subtype: string): SesClass {
  const category = entry(subtypes, subtype)
  return {
    lasting: type === 'permanent' ? 'permanent' : type === 'transient' ? 'transient' : 'unknown',
    isSuppressed: /^suppressed|suppressionlist$/.test(subtype),
    isGeneralTransient: type === 'transient' && (subtype === 'general' || subtype === ''),
    otherwise: category === undefined ? undefined : { category, rule: `ses-${subtype}` },
  }
}
