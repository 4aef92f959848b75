// Every code of a problem document, in words. `type` of a problem leads to its line on the docs page.
export const problemCodes = {
  'bad-request': 'Something in the request is missing, or has the wrong type or size. `field` names it.',
  unauthorized:
    'No bearer token was sent, or another one than ours; from a mail provider: no proof that it is one.',
  'local-only': 'The dev mailbox is shown to the machine that Ayes runs on, and to no other.',
  'origin-not-allowed':
    'The list takes signups from certain sites only, and the page that posted is on another one, or does not say where it is.',
  'not-found': 'There is nothing of this name.',
  'unknown-list': 'There is no list of this slug.',
  'unknown-handle': 'No signup has this handle, or it is older than 24 hours.',
  'unknown-link': 'The link is not one of ours, or a part of it is missing.',
  'unknown-letter': 'There is no such letter in the dev mailbox.',
  'method-not-allowed': 'The address takes other methods; the header `Allow` names them.',
  'too-slow': 'The body was not complete in time.',
  'did-you-mean':
    'The address looks mistyped. Nothing was stored and nothing sent: ask the visitor, and send it again with the suggestion, or with `as_typed` if the visitor insists.',
  'wrong-status': 'The signup is in a state in which this cannot be done.',
  'same-address': 'The correction is the address that the signup has already.',
  declined:
    'The owner of the address has said that it was not them, or has complained. No letter goes there.',
  'link-expired':
    'The link is past its time, or nothing is kept about it any more. A fresh letter can be asked for.',
  'address-invalid': 'The letter came back: the address does not exist. A fresh letter can be asked for.',
  unsubscribed: 'This subscription has been ended.',
  replaced: 'The address was corrected, and a newer letter has the link.',
  'too-large': 'The body is larger than is taken.',
  'unsupported-media-type': 'The body is in another format, charset or encoding than is read here.',
  'invalid-email':
    'No address can be read out of this. `reason` says why, `suggestion` what was plainly meant.',
  'domain-takes-no-mail': 'The domain of the address has no mail server.',
  'disposable-address':
    'The domain gives out addresses for some minutes, and the operator takes none of them.',
  'proof-of-work':
    'A proof of work is asked for just now. Solve `challenge` and send the same again with the field `proof`. `reason`: `missing`, `too-early` (wait for `Retry-After` and send the same proof), `expired`, `spent`, `invalid`.',
  'too-many': 'Too many requests came from this network. `Retry-After` says when to come again.',
  busy: 'More is being done than can be done at once. `Retry-After` says when to come again.',
  'not-ready': 'The service cannot work just now: its database is away, or misses a migration.',
  unavailable:
    'The database, or who could vouch for a provider, cannot be reached just now. `Retry-After` says when to come again.',
  'internal-error': 'Something went wrong on our side; the log has it under the number in `detail`.',
} as const satisfies Readonly<Record<string, string>>
