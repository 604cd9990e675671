import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

import type { CertificateData } from './certificate-data.ts'
import { readFontFaces, type Coverage } from './font-faces.ts'
import { printableText } from './printable-text.ts'
import type { ReportData } from './report-data.ts'

export interface RenderOptions {
  /** Folder of the templates. */
  readonly templates: string
  readonly fonts: FontFolders
}

/** Folders of font files. One that does not exist counts as empty: what only it could show is then named on the sheet. */
export interface FontFolders {
  /** The typefaces of the sheet; each must hold the family that is named. */
  readonly serif: { readonly family: string; readonly folders: readonly string[] }
  readonly sans: { readonly family: string; readonly folders: readonly string[] }
  /** Where rare characters are looked for, the first preferred. */
  readonly rare: readonly string[]
}

export interface Renderer {
  /** The PDF/A-3b of a sheet. The same data and fonts give the same bytes. Throws where a template is wrong. */
  readonly render: (data: CertificateData | ReportData) => Uint8Array
}

/** Compiled parts that were of no use to so many sheets are forgotten: those of the templates stay, those of one person go. */
const forgetAfter = 10

/** A warm compiler: fonts are found once, and read when a sheet first needs them. It is used by one sheet after another. */
export function openRenderer({ templates, fonts }: RenderOptions): Renderer {
  const coverageOf = familiesIn([...fonts.serif.folders, ...fonts.sans.folders, ...fonts.rare])
  const compiler = NodeCompiler.create({
    workspace: templates,
    fontArgs: [{ fontPaths: [...fonts.serif.folders, ...fonts.sans.folders, ...fonts.rare].filter((folder) => filesIn(folder).length > 0) }],
  })
  const place = (name: string, content: unknown): void => compiler.mapShadow(join(templates, name), Buffer.from(JSON.stringify(content)))

  const own = [fonts.serif.family, fonts.sans.family]
  for (const family of own) if (!coverageOf.has(family)) throw new Error(`no font file holds the family ${family}`)
  const rare = rareFamilies([...coverageOf.keys()].filter((family) => !own.includes(family)))
  const coverages = [...own, ...rare].map((family) => coverageOf.get(family)!) // the keys of the map
  place('fonts.json', { serif: [...own, ...rare], sans: [...own.toReversed(), ...rare] })

  /** The compiler files fonts by a name of its own making where a family has many faces. Those that it does not know by ours are left out. */
  function rareFamilies(names: readonly string[]): readonly string[] {
    return names.filter((name) => {
      const result = compiler.compile({ mainFileContent: `#text(font: ${JSON.stringify(name)}, fallback: false)[]` })
      return result.takeWarnings() === null
    })
  }

  return {
    render: (data) => {
      const missing = new Set<string>()
      const print = (text: string): string => {
        const printable = printableText(text, coverages)
        for (const name of printable.missing) missing.add(name)
        return printable.text
      }
      // The record, its proof and the code's picture are carried, not printed.
      const { attachment, proof, ...shown } = data
      const carried = 'code' in data ? { attachment, proof, code: data.code } : { attachment, proof }
      place('data.json', { ...shown, ...printAll(shown, print), ...carried, unprintable: [...missing] })
      try {
        const result = compiler.compile({ mainFilePath: join(templates, `${data.template}.typ`) })
        if (result.result === null) throw new Error(JSON.stringify(result.takeError()?.shortDiagnostics))
        return compiler.pdf(result.result, { pdfStandard: 'a-3b' })
      } finally {
        compiler.evictCache(forgetAfter)
      }
    },
  }
}

/** Every text inside, printable. */
function printAll(value: object, print: (text: string) => string): object {
  const each = (part: unknown): unknown => {
    if (typeof part === 'string') return print(part)
    if (Array.isArray(part)) return part.map(each)
    return part !== null && typeof part === 'object' ? printAll(part, print) : part
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, each(part)]))
}

const filesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ttf|otf|ttc|otc)$/i.test(name))
      .toSorted()
      .map((name) => join(folder, name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

/** Families with what every face of theirs covers: which of the faces is taken, weight and slope decide. In the order of the folders. */
function familiesIn(folders: readonly string[]): ReadonlyMap<string, Coverage> {
  const families = new Map<string, Coverage>()
  for (const folder of folders)
    for (const file of filesIn(folder))
      for (const { family, covers } of readFontFaces(file) ?? []) {
        const before = families.get(family)
        families.set(family, before === undefined ? covers : before.map((bits, at) => bits & covers[at]!))
      }
  families.delete('')
  return families
}
