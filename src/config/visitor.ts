// What a visitor meets.
import type { Settings } from './settings.ts'
import type { VisitorConfig } from './shape.ts'
import { oneOf } from './values.ts'

export function readVisitor(settings: Settings): VisitorConfig {
  return { confirmButton: settings.read('CONFIRM_BUTTON', 'auto' as const, oneOf(['auto', 'always'])) }
}
