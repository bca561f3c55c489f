/** Gives an object a property of its own, whatever its name: plain assignment to `__proto__` would change the prototype instead. */
export function setOwn(object: { [name: string]: unknown }, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  else object[name] = value
}
