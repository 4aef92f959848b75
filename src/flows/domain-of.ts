/** The domain of an address that was read before, for counters and logs, which never carry a local part. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1).toLowerCase()
}
