/**
 * The person behind an actor. An officer who comes in over HTTP as `li.wei` stands at the machine as `cli:li.wei`, and a name typed there with
 * other capitals or in full width is no other person.
 */
const personOf = (actor: string): string => actor.replace(/^cli:/, '').normalize('NFKC').toLowerCase()

/** Two people are needed for a signature: whether these two actors are one. */
export const samePerson = (one: string, other: string): boolean => personOf(one) === personOf(other)
