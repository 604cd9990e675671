import { decodeUtf8 } from '#core/encoding/utf8.ts'
import type { Command } from '../command.ts'
import { readInput, writeWhole } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { questionOptions, readDay, readDivision, readInstant, readPurpose, readStated } from '../read-options.ts'
import { readAddress, readIdentity, sheetOptions } from '../sheet-options.ts'
import { proofBeside } from '../verify/proof-beside.ts'

/** A record and its disclosures, of whatever city. */
const mostBytes = 1024 * 1024

export const reportCommand: Command = {
  words: 'FILE|-',
  takes: { least: 1, most: 1 },
  options: {
    ...sheetOptions,
    at: { kind: 'text', value: 'INSTANT', text: { zh: '所问时刻，默认现在', en: 'The instant asked about; now by default' } },
    for: { kind: 'text', value: 'DIVISION', text: { zh: '一并询问在该地的互认结论', en: 'Ask also what it counts for in this place' } },
    ...questionOptions,
  },
  run: async (shell, given) => {
    const identity = readIdentity(given)
    const at = readInstant(given, 'at')
    const division = readDivision(given, 'for')
    const asked = { purpose: readPurpose(given), appliedOn: readDay(given, 'applied-on'), stated: readStated(given) }
    const path = given.words[0]!
    const record = decodeUtf8(await readInput(path, mostBytes)).trim()
    const proof = path === '-' ? undefined : await proofBeside(path)
    return withNode(shell, given, async ({ office, desk }) => {
      const [{ reportVerification }, { openCertificateDesk }] = await Promise.all([
        import('#registry/report-verification.ts'),
        import('#registry/certificate/certificate-desk.ts'),
      ])
      const certificates = openCertificateDesk({ engine: office.engine, workers: 1 })
      try {
        const recognition = division === undefined ? undefined : { for: division, ...asked }
        const parts = { office, desk, certificates, address: readAddress(given, office.authority.iss) }
        const out = given.need('out')
        await writeWhole(out, await reportVerification(parts, { record, proof, identity, at, recognition }))
        await shell.tell({ file: out }, out)
        return 'done'
      } finally {
        await certificates.close()
      }
    })
  },
}
