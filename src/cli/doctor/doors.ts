import { settingNames } from '../../config/names.ts'

/** Settings that open a door for what comes back; each webhook of a provider has one that ends so. */
const doors = /^(?:BOUNCE_(?:LISTEN|IMAP_URL|TOKEN)|[A-Z]+_WEBHOOK(?:_\w+)?|SES_TOPIC)$/

/** The names of those that are set. */
export function doorsIn(environment: Readonly<Record<string, string | undefined>>): string[] {
  return settingNames.filter((name) => doors.test(name) && (environment[name] ?? '').trim() !== '')
}
