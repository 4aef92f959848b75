// Who a list's letters are from.
import type { List } from './lists.ts'
import { readMailbox } from './read-mailbox.ts'
import type { Service } from './service.ts'

export function senderOf(deps: Pick<Service, 'rules'>, list: Pick<List, 'from'>) {
  return (list.from === null ? null : readMailbox(list.from)) ?? deps.rules.from
}
