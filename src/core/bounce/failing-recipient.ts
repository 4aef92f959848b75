import type { DeliveryStatus, RecipientStatus } from './delivery-status.ts'

export type Failure = RecipientStatus

const NO_FAILURE = /^(?:delayed|relayed|delivered|expanded|deliverable|displayed|sent)$/

/**
 * The recipient that the report says failed. `none`: it speaks of recipients, and of no failure among them (delayed,
 * relayed, delivered, expanded: RFC 3464 2.3.3). `null`: it speaks of no recipient at all.
 */
export function chooseFailure(status: DeliveryStatus): Failure | 'none' | null {
  if (status.recipients.length === 0) return null
  const failed = status.recipients.find(({ action }) => action === 'failed' || action === 'failure')
  if (failed !== undefined) return failed
  const open = status.recipients.find(
    (one) =>
      (one.action === null || !NO_FAILURE.test(one.action)) && !(one.success && one.action !== 'expired'),
  )
  return open ?? 'none'
}
