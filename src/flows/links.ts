// Every address of ours that leaves the house.
import type { Key } from '../core/keys.ts'
import { makeLinkToken } from '../core/tokens.ts'

export type Links = {
  readonly home: () => string
  readonly signups: () => string
  readonly form: (list: string) => string
  readonly waiting: (handle: string) => string
  readonly confirm: (key: Key, letterId: string) => string
  readonly notMe: (key: Key, letterId: string) => string
  readonly unsubscribe: (key: Key, signupId: string) => string
  /** What every unsubscribe link begins with; its token follows. */
  readonly unsubscribeBase: () => string
}

/** `base`: PUBLIC_URL without a slash at its end; a function, for with PORT=0 it is known only when we listen. */
export function openLinks(base: () => string): Links {
  return {
    home: () => `${base()}/`,
    signups: () => `${base()}/signups`,
    form: (list) => `${base()}/forms/${list}`,
    waiting: (handle) => `${base()}/signups/${handle}`,
    confirm: (key, letterId) => `${base()}/confirm/${makeLinkToken(key, 'confirm', letterId)}`,
    notMe: (key, letterId) => `${base()}/not-me/${makeLinkToken(key, 'not-me', letterId)}`,
    unsubscribeBase: () => `${base()}/unsubscribe/`,
    unsubscribe: (key, signupId) => `${base()}/unsubscribe/${makeLinkToken(key, 'unsubscribe', signupId)}`,
  }
}
