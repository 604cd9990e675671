import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

// What the tests need beside Node: the server of PostgreSQL. A machine without it gets it from Debian when we may install it;
// otherwise the run fails and says what to do. Nothing is skipped for want of a tool.

const servers = ['initdb', 'postgres'] as const
const debianHome = '/usr/lib/postgresql'
const installation = 'apt-get update && apt-get install -y --no-install-recommends postgresql'

/** The directory that holds `initdb` and `postgres`: one of PATH, or the newest that Debian has installed. */
export function postgresDirectory(): string | undefined {
  const versions = existsSync(debianHome) ? readdirSync(debianHome).toSorted((one, other) => Number(other) - Number(one)) : []
  const places = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...versions.map((version) => join(debianHome, version, 'bin'))]
  const place = places.find((one) => servers.every((server) => existsSync(join(one, server))))
  return place === undefined ? undefined : dirname(realpathSync(join(place, servers[0])))
}

/** Makes sure that everything is there. Returns what is missing, with the command that installs it, or nothing. */
export function requireTools(): string | undefined {
  if (postgresDirectory() !== undefined) return undefined
  const missing = `PostgreSQL's server is missing (${servers.join(', ')}; looked in PATH and ${debianHome}/*/bin).`
  if (process.getuid?.() !== 0 || !hasAptGet()) return `${missing}\nInstall it as root: ${installation}`
  console.log(`${missing} Installing Debian's package …`)
  try {
    installPostgres()
  } catch (cause) {
    return `${missing}\nThe installation failed: ${cause instanceof Error ? cause.message : String(cause)}\nInstall it as root: ${installation}`
  }
  return postgresDirectory() === undefined ? missing : undefined
}

function hasAptGet(): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, 'apt-get')))
}

function installPostgres(): void {
  // The package would otherwise make a cluster and start it; the tests start their own, as their own children.
  const settings = '/etc/postgresql-common'
  if (!existsSync(join(settings, 'createcluster.conf'))) {
    mkdirSync(settings, { recursive: true })
    writeFileSync(join(settings, 'createcluster.conf'), 'create_main_cluster = false\n')
  }
  const apt = (...words: readonly string[]) =>
    execFileSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  apt('update')
  // The file above is ours and stays: without this answer dpkg would stop to ask about it.
  apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', 'postgresql')
}
