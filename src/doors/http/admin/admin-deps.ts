import type { ErasePersonDeps } from '../../../flows/erase-person.ts'
import type { ExportDeps } from '../../../flows/export-stream.ts'
import type { Service } from '../../../flows/service.ts'
import { problem } from '../shell/problem.ts'

export type AdminDeps = Service & Pick<ExportDeps, 'copies'> & Pick<ErasePersonDeps, 'eraseFromMailbox'>

export const adminSecurity = [{ admin: [] }]

export function unknownList() {
  return problem(404, 'unknown-list', 'There is no list of this name.', { field: 'list' })
}

export function badCursor() {
  return problem(400, 'bad-request', 'cursor is not one that a page of this collection gave.', {
    field: 'cursor',
  })
}

export function badEmail() {
  return problem(400, 'bad-request', 'email is no address.', { field: 'email' })
}
