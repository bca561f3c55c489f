/** Numbers by name. */
export type Numbers = ReadonlyMap<string, number>

/** Works out an expression of numbers, names, `+ - * /` and parentheses. Throws if it is none, or if a name is unknown. */
export function evaluate(expression: string, numbers: Numbers): number {
  const tokens = expression.match(/\d[\d_,]*(?:\.\d+)?(?:e\d+)?|[a-z_][a-z_\d]*|[-+*/()]/g) ?? []
  if (tokens.join("") !== expression.replace(/\s+/g, "")) throw new Error(`${expression} has signs that are no arithmetic.`)
  let at = 0
  const value = sum()
  if (at < tokens.length) throw new Error(`${expression} goes on after it has ended, with ${tokens[at]}.`)
  return value

  function sum(): number {
    let total = product()
    for (let sign = tokens[at]; sign === "+" || sign === "-"; sign = tokens[at]) {
      at++
      total += (sign === "+" ? 1 : -1) * product()
    }
    return total
  }

  function product(): number {
    let total = factor()
    for (let sign = tokens[at]; sign === "*" || sign === "/"; sign = tokens[at]) {
      at++
      total = sign === "*" ? total * factor() : total / factor()
    }
    return total
  }

  function factor(): number {
    const token = tokens[at++] ?? ""
    if (token === "(") {
      const inner = sum()
      if (tokens[at++] !== ")") throw new Error(`${expression} lacks a parenthesis.`)
      return inner
    }
    if (/^\d/.test(token)) return Number(token.replaceAll(",", ""))
    const number = numbers.get(token)
    if (number === undefined) throw new Error(`${expression} has the unknown name ${token}.`)
    return number
  }
}
