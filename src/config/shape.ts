// What the settings come to once they are read and checked. Times are in seconds.

export type Rate = { count: number; seconds: number }

/** `bounces@example.com` gives `bounces+TOKEN@example.com`, `*@bounce.example.com` gives `TOKEN@bounce.example.com`. */
export type BounceAddress =
  | { kind: 'plus'; local: string; domain: string }
  | { kind: 'wildcard'; domain: string }

export type Dkim = { domain: string; selector: string; privateKey: string }

export type Role = 'http' | 'send' | 'bounces' | 'purge'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export type HttpConfig = {
  port: number
  host: string
  /** Without a slash at its end. Null when PORT is 0 and PUBLIC_URL is not set: it follows from the bound port. */
  publicUrl: string | null
  trustProxy: number
  allowedOrigins: '*' | readonly string[]
}

export type MailConfig = {
  /** Null: the dev mailbox. */
  smtpUrl: string | null
  smtpName: string
  from: { name: string; address: string }
  dkim: Dkim | null
  /** Null: letters leave with the address of `from` as envelope sender. */
  bounceAddress: BounceAddress | null
  concurrency: number
  devMailbox: 'off' | 'local' | 'exposed'
}

/** PEM: the certificate with those that lead to its issuer, and its private key. */
export type Certificate = { chain: string; key: string }

export type BounceListenerConfig = {
  protocol: 'lmtp' | 'smtp'
  host: string
  /** 0 takes any free port. */
  port: number
  /** Null: no STARTTLS. */
  certificate: Certificate | null
}

export type DnsConfig = {
  /** Whether signups are checked for domains that take no mail. */
  check: boolean
  /** Addresses, with or without a port. Null: those of the system. */
  servers: readonly string[] | null
}

export type SuggestionConfig = {
  /** Domains in lower case ASCII that are suggested beside the large providers. */
  domains: readonly string[]
  refuseDisposable: boolean
}

export type ImapConfig = {
  host: string
  port: number
  /** TLS from the first byte; else by STARTTLS, without which only this machine is spoken to. */
  secure: boolean
  isLocal: boolean
  user: string
  password: string
  /** One name for each level. */
  folder: readonly string[]
}

export type WebhookLogin = { user: string; password: string }

/** What each provider proves itself with; null: it has no door. */
export type WebhooksConfig = {
  /** ARNs of the topics that may tell us something. */
  ses: readonly string[] | null
  /** The public key: SPKI as DER, in base64. */
  sendgrid: string | null
  mailgun: string | null
  postmark: WebhookLogin | null
  sparkpost: WebhookLogin | null
  brevo: string | null
  mailjet: WebhookLogin | null
  /** The key in base64, without its label. */
  resend: string | null
}

export type LimitsConfig = {
  signupsPerClient: Rate | null
  lettersPerList: Rate | null
  lettersPerMailbox: Rate | null
}

export type TimesConfig = {
  confirmWithin: number
  forgetAfter: number
  keepIp: number
  keepUnsubscribed: number
  suppressFor: number
}

export type ReportingConfig = {
  /** From 0 to 1. Null: no alarm. */
  bounceRateLimit: number | null
  /** `pause`: letters wait while a wave of refusals is under way. */
  guard: 'alarm' | 'pause'
  /** Who gets the reports. Null: nobody. */
  to: string | null
}

/** `burst` null: `auto` without a rate of its own. */
export type ProofOfWork = { kind: 'off' } | { kind: 'on' } | { kind: 'auto'; burst: Rate | null }

export type VisitorConfig = {
  proofOfWork: ProofOfWork
  /** `auto`: the page of a confirmation link submits by itself on evidence of a person. */
  confirmButton: 'auto' | 'always'
}

export type SecretsConfig = {
  /** Null: generated into the data directory. */
  adminToken: string | null
  /** Null: generated into the data directory. */
  secretKey: string | null
  oldSecretKeys: readonly string[]
  bounceToken: string | null
  metricsToken: string | null
}

export type Config = {
  http: HttpConfig
  dataDir: string
  /** Templates that are used instead of ours. Null: none. */
  templatesDir: string | null
  /** Null: a PostgreSQL server of our own in `dataDir`. */
  databaseUrl: string | null
  mail: MailConfig
  /** Null: mail servers hand nothing in by LMTP or SMTP. */
  bounceListener: BounceListenerConfig | null
  /** Null: no mailbox is read. */
  imap: ImapConfig | null
  webhooks: WebhooksConfig
  dns: DnsConfig
  suggestion: SuggestionConfig
  limits: LimitsConfig
  times: TimesConfig
  reporting: ReportingConfig
  visitor: VisitorConfig
  secrets: SecretsConfig
  roles: readonly Role[]
  logLevel: LogLevel
}
