// The dev mailbox shows itself anew when something has changed, and stays as it is while somebody reads.
const everyMs = 2_000
let seen = ''

async function look() {
  const answer = await fetch(location.pathname, { headers: { Accept: 'application/json' } }).catch(() => null)
  if (answer?.ok) {
    const now = await answer.text()
    if (seen !== '' && now !== seen) location.reload()
    seen = now
  }
  setTimeout(look, everyMs)
}

void look()
