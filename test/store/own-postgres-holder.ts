// A process of its own that joins the server of a DATA_DIR: `holder.ts DATA_DIR [BINARIES_FROM]`. It says each
// event as a JSON line, leaves when its standard input ends, and exits as main does.
import { joinOwnPostgres, joinOwnPostgresWith, OwnPostgresRefusal } from '../../src/store/own-postgres.ts'

const [dataDir = '', binariesFrom] = process.argv.slice(2)
const say = (event: string, fields: object = {}) => {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`)
}

try {
  const own = await (binariesFrom === undefined
    ? joinOwnPostgres({ dataDir, log: say })
    : joinOwnPostgresWith(binariesFrom, { dataDir, log: say }))
  say('joined', own.connection)
  process.stdin.resume()
  process.stdin.once('end', async () => {
    await own.leave()
    say('left')
    process.exit(0)
  })
} catch (error) {
  say('refused', { message: String(error) })
  process.exit(error instanceof OwnPostgresRefusal ? error.exitCode : 1)
}
