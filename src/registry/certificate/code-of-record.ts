import { readFileSync } from 'node:fs'

import { parseSdJwt } from '#core/credential/parse-sd-jwt.ts'
import { presentSdJwt } from '#core/credential/present-sd-jwt.ts'
import type { Engine } from '#core/crypto/engine.ts'
import { Fault } from '#core/fault.ts'
import { packRecord } from '#core/paper/pack-record.ts'
import { readPaperDictionary } from '#core/paper/paper-dictionary.ts'
import type { PaperDictionary } from '#core/paper/paper-format.ts'
import { paperUrl } from '#core/paper/paper-url.ts'
import { paperDeflate, paperInflate } from '#custody/paper-deflate.ts'
import { drawCode, type DrawnCode } from './draw-code.ts'

/** What a sheet discloses to whoever photographs it. */
const onPaper = ['name'] as const

/**
 * The code of a record for paper, with the fewest disclosures: the name, where the record discloses it. Undefined where it is too long for a
 * code that can be printed: the sheet then says so. @param address of the page where it is verified, without a slash at its end
 */
export function codeOfRecord(record: string, address: string, engine: Pick<Engine, 'sha256'>): DrawnCode | undefined {
  const { disclosed } = parseSdJwt(record, engine)
  const shown = presentSdJwt(
    record,
    onPaper.filter((name) => Object.hasOwn(disclosed, name)),
    engine,
  )
  try {
    return drawCode(paperUrl(address, packRecord(shown, newestDictionary(), engine, paperDeflate, paperInflate)))
  } catch (fault) {
    if (fault instanceof Fault && fault.code === 'paper-code-too-long') return undefined
    throw fault
  }
}

let read: PaperDictionary | undefined

/** Read when the first code is made, and kept. */
const newestDictionary = (): PaperDictionary =>
  (read ??= { version: 1, bytes: readPaperDictionary(readFileSync(new URL('../../../schema/paper/dictionary-1.txt', import.meta.url), 'utf8')) })
