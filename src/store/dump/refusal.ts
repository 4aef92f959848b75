// An ending that only the operator can mend, in words: nothing was changed.
export class DumpRefusal extends Error {
  override readonly name = 'DumpRefusal'
}
