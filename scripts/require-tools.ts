import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, realpathSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// What the tests need beside Node: the server of PostgreSQL, tools that read a certificate as others do, a browser, fonts, and a token for
// keys. A machine without them gets them from Debian when we may install them; otherwise the run fails and says what to do. Nothing is skipped for
// want of a tool.

interface Need {
  readonly what: string
  /** Debian's packages that have it. */
  readonly packages: readonly string[]
  readonly found: () => boolean
}

const servers = ['initdb', 'postgres'] as const
const debianHome = '/usr/lib/postgresql'
const browser = '/usr/bin/chromium'
const browserFont = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'
const softToken = '/usr/lib/softhsm/libsofthsm2.so'
const tokenModule = fileURLToPath(new URL('../node_modules/pkcs11js/build/Release/pkcs11.node', import.meta.url))
const rareFont = '/usr/share/fonts/truetype/hanazono/HanaMinA.ttf'

const places = (): readonly string[] => (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
const onPath = (tool: string): boolean => places().some((place) => existsSync(join(place, tool)))

const needs: readonly Need[] = [
  {
    what: `PostgreSQL's server (${servers.join(', ')}; in PATH or ${debianHome}/*/bin)`,
    packages: ['postgresql'],
    found: () => postgresDirectory() !== undefined,
  },
  {
    what: 'tools that read PDF files (pdfinfo, pdffonts, pdfdetach, pdftotext, pdftoppm, qpdf)',
    packages: ['poppler-utils', 'qpdf'],
    found: () => ['pdfinfo', 'pdffonts', 'pdfdetach', 'pdftotext', 'pdftoppm', 'qpdf'].every(onPath),
  },
  { what: `a PKCS #11 token in software (${softToken}, softhsm2-util)`, packages: ['softhsm2'], found: () => existsSync(softToken) && onPath('softhsm2-util') },
  {
    what: `the package pkcs11js, built (${tokenModule}; with a C++ compiler, make and python3 at hand: npm ci)`,
    packages: ['g++', 'make', 'python3'],
    found: () => existsSync(tokenModule),
  },
  { what: 'a reader of printed codes (zbarimg)', packages: ['zbar-tools'], found: () => onPath('zbarimg') },
  { what: `a browser for the pages (${browser})`, packages: ['chromium'], found: () => existsSync(browser) },
  { what: `a font with Chinese characters for that browser (${browserFont})`, packages: ['fonts-noto-cjk'], found: () => existsSync(browserFont) },
  { what: `a font with rare characters (${rareFont})`, packages: ['fonts-hanazono'], found: () => existsSync(rareFont) },
]

/** The directory that holds `initdb` and `postgres`: one of PATH, or the newest that Debian has installed. */
export function postgresDirectory(): string | undefined {
  const versions = existsSync(debianHome) ? readdirSync(debianHome).toSorted((one, other) => Number(other) - Number(one)) : []
  const candidates = [...places(), ...versions.map((version) => join(debianHome, version, 'bin'))]
  const place = candidates.find((one) => servers.every((server) => existsSync(join(one, server))))
  return place === undefined ? undefined : dirname(realpathSync(join(place, servers[0])))
}

/** Makes sure that everything is there. Returns what is missing, with the command that installs it, or nothing. */
export function requireTools(): string | undefined {
  const missing = needs.filter(({ found }) => !found())
  if (missing.length === 0) return undefined
  const packages = missing.flatMap((need) => need.packages)
  const said = missing.map(({ what }) => `Missing: ${what}.`).join('\n')
  const remedy = `Install it as root: apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return `${said}\n${remedy}`
  console.log(`${said}\nInstalling Debian's packages ${packages.join(', ')} …`)
  try {
    install(packages)
  } catch (cause) {
    return `${said}\nThe installation failed: ${cause instanceof Error ? cause.message : String(cause)}\n${remedy}`
  }
  const still = missing.filter(({ found }) => !found())
  return still.length === 0 ? undefined : still.map(({ what }) => `Missing after the installation: ${what}.`).join('\n')
}

function install(packages: readonly string[]): void {
  // PostgreSQL's package would otherwise make a cluster and start it; the tests start their own, as their own children.
  const settings = '/etc/postgresql-common'
  if (packages.includes('postgresql') && !existsSync(join(settings, 'createcluster.conf'))) {
    mkdirSync(settings, { recursive: true })
    writeFileSync(join(settings, 'createcluster.conf'), 'create_main_cluster = false\n')
  }
  const apt = (...words: readonly string[]) =>
    execFileSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  apt('update')
  // The file above is ours and stays: without this answer dpkg would stop to ask about it.
  apt('install', '-y', '--no-install-recommends', '-o', 'Dpkg::Options::=--force-confold', ...packages)
}
