import { TextDecoder } from 'node:util'
import { SaxesParser } from 'saxes'
import { Fault } from '#core/fault.ts'

export type XmlAttributes = Readonly<Record<string, string>>

/** What is done with a document as it passes. Names come without their namespace prefix. */
export interface XmlHandler {
  readonly open: (name: string, attributes: XmlAttributes) => void
  readonly text: (text: string) => void
  readonly close: (name: string) => void
}

// No part of a workbook is nested deeper than a dozen elements; a stack of millions is an attack.
const depthLimit = 64

const localName = (name: string): string => {
  const colon = name.indexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/**
 * Reads an XML part chunk by chunk and pauses after each, so that a reader can hand on what it gathered. A document type is
 * refused before anything in it counts: entities, external or nested, are how a small file becomes a large one or reads another.
 */
export async function* readXml(chunks: AsyncIterable<Buffer>, part: string, handler: XmlHandler): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  let depth = 0
  let decoder: TextDecoder | undefined
  parser.on('doctype', () => {
    throw new Fault('ledger-xml-doctype', { at: part })
  })
  parser.on('opentag', (tag) => {
    if (++depth > depthLimit) throw new Fault('ledger-malformed', { at: part, detail: `nested deeper than ${depthLimit}` })
    handler.open(localName(tag.name), tag.attributes)
  })
  parser.on('text', handler.text)
  parser.on('cdata', handler.text)
  parser.on('closetag', (tag) => {
    depth--
    handler.close(localName(tag.name))
  })
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true })
      parser.write(decoder.decode(chunk, { stream: true }))
      yield
    }
    parser.write(decoder?.decode() ?? '')
    parser.close()
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('ledger-malformed', { at: part, detail: 'XML' })
  }
  yield
}

// Workbook parts are UTF-8 or UTF-16 (ECMA-376 part 2 §8.1.4); only the latter must carry a mark.
const encodingOf = (chunk: Buffer): string =>
  chunk[0] === 0xff && chunk[1] === 0xfe ? 'utf-16le' : chunk[0] === 0xfe && chunk[1] === 0xff ? 'utf-16be' : 'utf-8'

/** An attribute by its name without prefix. */
export const attributeOf = (attributes: XmlAttributes, name: string): string | undefined =>
  attributes[name] ?? Object.entries(attributes).find(([key]) => localName(key) === name)?.[1]
