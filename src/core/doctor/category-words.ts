import type { Category } from '../bounce/category.ts'

/** What a refusal means, for the operator who sent the test letter. */
export const categoryWords: Readonly<Record<Category, string>> = {
  'mailbox-does-not-exist': 'there is no such mailbox',
  'domain-problem': 'the domain of the address takes no mail or is not there',
  'bad-address': 'the address is no address for that server',
  'mailbox-disabled': 'the mailbox is disabled',
  'mailbox-full': 'the mailbox is full',
  'policy-or-spam':
    'the server refuses us or our letter, not the address: reputation, authentication or content',
  'other-permanent': 'the server refuses for good, without a reason that is known here',
  temporary: 'the server refuses for now; the service would try again by itself',
  complaint: 'somebody complained',
}
