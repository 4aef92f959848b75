// What a visitor meets.
import { readProofOfWork } from './proof-of-work.ts'
import type { Settings } from './settings.ts'
import type { VisitorConfig } from './shape.ts'
import { oneOf } from './values.ts'

export function readVisitor(settings: Settings): VisitorConfig {
  return {
    confirmButton: settings.read('CONFIRM_BUTTON', 'auto' as const, oneOf(['auto', 'always'])),
    proofOfWork: readProofOfWork(settings),
  }
}
