import type { Command } from '../command.ts'
import { writeWhole } from '../local-files.ts'
import { withNode } from '../open-here.ts'
import { readDisclosures, readReference, referenceOptions } from '../read-options.ts'
import { readAddress, readIdentity, sheetOptions } from '../sheet-options.ts'
import { actorOf } from '../shell.ts'

export const certificateCommand: Command = {
  words: 'ID | --number N --family F',
  takes: { least: 0, most: 1 },
  options: {
    ...sheetOptions,
    ...referenceOptions,
    disclose: { kind: 'list', value: 'NAME', text: { zh: '证书上披露的内容，默认全部', en: 'What the sheet discloses; everything by default' } },
  },
  run: async (shell, given) => {
    const reference = readReference(given)
    const identity = readIdentity(given)
    return withNode(shell, given, async ({ office, desk }) => {
      const actor = actorOf(given.text('as'))
      const address = readAddress(given, office.authority.iss)
      const [{ fetchRecord }, { makeCertificate }, { openCertificateDesk }] = await Promise.all([
        import('#registry/claim-record.ts'),
        import('#registry/make-certificate.ts'),
        import('#registry/certificate/certificate-desk.ts'),
      ])
      const certificates = openCertificateDesk({ engine: office.engine, workers: 1 })
      try {
        const { record, number, text } = await fetchRecord(office, actor, reference, readDisclosures(given))
        const out = given.need('out')
        await writeWhole(out, await makeCertificate({ office, desk, certificates, address }, actor, { record: text, identity }))
        await shell.tell({ id: record, number, file: out }, out)
        return 'done'
      } finally {
        await certificates.close()
      }
    })
  },
}
