/** Sets an own property, whatever its name: a plain assignment to `__proto__` would change the prototype. */
export function setOwn(object: { [name: string]: unknown }, name: string, value: unknown): void {
  if (name === "__proto__") Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  else object[name] = value
}
