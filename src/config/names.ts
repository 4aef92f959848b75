// The closed lists of setting names, so that a misspelt or unbuilt one is told from somebody else's variable.

export const settingNames: readonly string[] = [
  'ADMIN_TOKEN',
  'ALLOWED_ORIGINS',
  'BOUNCE_ADDRESS',
  'BOUNCE_TOKEN',
  'CONFIRM_WITHIN',
  'DATABASE_URL',
  'DATA_DIR',
  'DEV_MAILBOX',
  'DKIM_DOMAIN',
  'DKIM_KEY_FILE',
  'DKIM_SELECTOR',
  'FORGET_AFTER',
  'HOST',
  'KEEP_IP',
  'KEEP_UNSUBSCRIBED',
  'LETTERS_PER_LIST',
  'LETTERS_PER_MAILBOX',
  'LOG_LEVEL',
  'MAIL_FROM',
  'METRICS_TOKEN',
  'PORT',
  'PUBLIC_URL',
  'ROLES',
  'SECRET_KEY',
  'SECRET_KEYS_OLD',
  'SEND_CONCURRENCY',
  'SIGNUPS_PER_CLIENT',
  'SMTP_NAME',
  'SMTP_URL',
  'SUPPRESS_FOR',
  'TRUST_PROXY',
]

/** Settings of parts that this release does not have: accepting one would promise what nobody does. */
export const unbuiltNames: readonly string[] = [
  'BOUNCE_GUARD',
  'BOUNCE_IMAP_URL',
  'BOUNCE_LISTEN',
  'BOUNCE_RATE_LIMIT',
  'CONFIRM_BUTTON',
  'DNS_CHECK',
  'DNS_SERVERS',
  'PROOF_OF_WORK',
  'REFUSE_DISPOSABLE',
  'SUGGEST_DOMAINS',
  'TEMPLATES_DIR',
]

/** Beginnings that are ours alone in the environment of a mail service: whatever else begins so is misspelt. */
export const ourBeginnings: readonly string[] = ['SMTP_', 'BOUNCE_', 'DKIM_', 'SIGNUPS_PER_', 'LETTERS_PER_']

/** Names that other services use for what a setting of ours holds. */
export const otherWords: Readonly<Record<string, string>> = {
  SMTP_FROM: 'MAIL_FROM, such as Example News <news@example.com>',
  SMTP_HOST: 'the host into SMTP_URL, smtp://user:password@host:587',
  SMTP_PASS: 'the password into SMTP_URL, smtp://user:password@host:587',
  SMTP_PASSWORD: 'the password into SMTP_URL, smtp://user:password@host:587',
  SMTP_PORT: 'the port into SMTP_URL, smtp://user:password@host:587',
  SMTP_SECURE: 'smtps:// at the beginning of SMTP_URL',
  SMTP_TLS: 'smtps:// at the beginning of SMTP_URL',
  SMTP_USER: 'the user into SMTP_URL, smtp://user:password@host:587',
  SMTP_USERNAME: 'the user into SMTP_URL, smtp://user:password@host:587',
}
