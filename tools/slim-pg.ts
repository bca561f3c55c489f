import type { Plugin } from "esbuild"

/** Leaves out of a bundle what pg brings for other places than Lambda: its native client, and `~/.pgpass`. */
export function slimPg(): Plugin {
  return {
    name: "slim-pg",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(\.\/native|pgpass)$/ }, ({ path, importer }) =>
        /[\\/]node_modules[\\/]pg[\\/]lib[\\/]/.test(importer) ? { path, namespace: "left-out-of-pg" } : undefined,
      )
      onLoad({ filter: /./, namespace: "left-out-of-pg" }, ({ path }) => ({ contents: path === "pgpass" ? noPasswords : noNative }))
    },
  }
}

const noPasswords = "module.exports = (_connection, done) => done()"
const noNative = `throw Object.assign(new Error("The function was built without the native client of pg."), { code: "MODULE_NOT_FOUND" })`
