import { asObject, parseJson, type JsonObject } from '#core/encoding/parse-json.ts'
import { peekTrustFile } from '#core/trust/peek-trust-file.ts'
import { generalLimits } from '#core/trust/parse-general-jws.ts'
import { encodeBase64url } from '#core/encoding/base64url.ts'
import { Fault } from '#core/fault.ts'
import { nodeEngine } from '#custody/engine-node.ts'
import type { Office } from '#registry/office.ts'
import type { Request } from '#registry/perform.ts'
import { nodeOptions, type Given, type Option } from './command.ts'
import type { Exit } from './exit-codes.ts'
import { readInput, writeWhole } from './local-files.ts'
import { withNode } from './open-here.ts'
import { actorOf, type Shell } from './shell.ts'

export const signingOptions = {
  ...nodeOptions,
  out: { kind: 'text', value: 'FILE', required: true, text: { zh: '写入签名后的文件', en: 'Where the signed file goes' } },
} as const satisfies Record<string, Option>

type Sign = (office: Office, request: Request, input: Uint8Array) => Promise<Uint8Array>

/** Has the node sign what a file holds, and tells the digest that the others compare before they sign, and that members anchor. */
export async function signSharedFile(shell: Shell, given: Given, sign: Sign): Promise<Exit> {
  const input = await readInput(given.words[0]!, generalLimits.bytes)
  return withNode(shell, given, async ({ office }) => {
    const signed = await sign(office, actorOf(given.text('as')), input)
    const out = given.need('out')
    await writeWhole(out, signed, 0o644)
    const peek = peekTrustFile(signed, nodeEngine)
    if (peek instanceof Fault) throw peek
    const digest = encodeBase64url(peek.digest)
    await shell.tell(
      { file: out, kind: peek.kind, subject: peek.subject, version: peek.version, digest },
      `${out}\n${peek.kind}  ${peek.subject}  v${peek.version}  ${digest}`,
    )
    return 'done'
  })
}

export const readDraft = (input: Uint8Array): JsonObject => asObject(parseJson(input, generalLimits), 'request-malformed', 'draft')
