import { openapiDocument } from '../src/contract/openapi.ts'
import { schemaFiles } from './schema-files.ts'

/** A file that is made from the code and kept in the tree, so that a change of it is seen in review. */
export interface Generator {
  /** From the root of the tree. */
  readonly path: string
  /** The whole text: the same for the same code, ending with a line feed. */
  readonly make: () => string
}

/** Everything below these places is made; a file there that no generator names is left over. */
export const generatedPlaces: readonly string[] = ['schema/json', 'schema/openapi.json']

export const generators: readonly Generator[] = [...schemaFiles, { path: 'schema/openapi.json', make: () => `${JSON.stringify(openapiDocument(), null, 2)}\n` }]
