import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import pg from 'pg'

export interface PostgresServer {
  /** Of a database that is empty at first. */
  readonly url: string
  /** Ends it as a crash would (immediate mode: nothing is written down, connections are cut). */
  readonly crash: () => Promise<void>
  /** Starts it again after a crash, at the same address; resolves when it has recovered. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * A real PostgreSQL on loopback, on a port and in a directory of its own; both are gone after `stop`. With its durability on, as a
 * city would run it. Throws when no server is installed: a store that was not tried on PostgreSQL is not known to work there.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = findBinaries()
  // initdb and postgres refuse to run as root.
  const account = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const folder = mkdtempSync(join(tmpdir(), 'comity-postgres-'))
  if (account.uid !== undefined) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  const env = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }
  try {
    execFileSync(join(bin, 'initdb'), ['--pgdata', data, '--username', 'comity', '--auth', 'trust', '--encoding', 'UTF8', '--no-sync', '--no-instructions'], {
      ...account,
      cwd: folder,
      env,
      stdio: 'pipe',
    })
    // A direct child, not through pg_ctl: it ends with this process, whatever ends it.
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      max_connections: 60,
      log_min_messages: 'fatal',
      log_statement: 'none',
    }
    const url = `postgres://comity@127.0.0.1:${port}/postgres`
    const run = async (): Promise<ChildProcess> => {
      const child = spawn(join(bin, 'postgres'), ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
        ...account,
        cwd: folder,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()))
      const kill = () => void child.kill('SIGQUIT')
      process.once('exit', kill)
      child.once('exit', () => process.off('exit', kill))
      await untilReady(url, () => {
        if (child.exitCode !== null) throw new Error(`postgres ended while starting: ${said}`)
      })
      return child
    }
    let running: ChildProcess | undefined = await run()
    const end = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
      if (running === undefined) return
      const gone = once(running, 'exit')
      running.kill(signal)
      running = undefined
      await gone
    }
    return {
      url,
      crash: () => end('SIGQUIT'),
      restart: async () => {
        running = await run()
      },
      stop: async () => {
        await end('SIGINT') // fast shutdown: open connections are ended
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

/** An empty database of its own on a server, so that tests do not meet. */
export async function createDatabase(server: PostgresServer, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return url.href
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).filter((version) => existsSync(join(root, version, 'bin', 'initdb'))) : []
  const newest = versions.sort((one, other) => Number(other) - Number(one))[0]
  if (newest === undefined) throw new Error(`no PostgreSQL server under ${root}: run "apt-get install postgresql"`)
  return join(root, newest, 'bin')
}

const idOf = (flag: '-u' | '-g'): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // listening on TCP
  server.close()
  await once(server, 'close')
  return port
}

async function untilReady(url: string, check: () => void): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    check()
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1000 })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (attempt === 300) throw error
      await setTimeout(50)
    }
  }
}
