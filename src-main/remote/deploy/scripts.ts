/**
 * The three commands that the lab starts on a host, in POSIX sh. They are constants: what varies
 * comes as a line on their input. They are written without single quotes, backslashes, newlines
 * and exclamation marks, so that one pair of quotes carries them through any login shell.
 */

/** Begins the lines of ours in what a login shell may print around them. */
export const PROBE_BEGIN = 'flexlab-probe begin'
/** Ends them. */
export const PROBE_END = 'flexlab-probe end'
/** Begins the last line of an upload: `flexlab-put ok`, or what failed. */
export const PUT = 'flexlab-put'

/** What a host has, one fact a line. Changes nothing. */
export const PROBE = sh(
  `echo "${PROBE_BEGIN}"`,
  'echo "system $(uname -s) $(uname -m)"',
  'echo "home $HOME"',
  'echo "libc $( (getconf GNU_LIBC_VERSION || ldd --version) 2>&1 | head -n 1)"',
  'p=$HOME; for d in .cache .cache/flexlab',
  'do if [ -d "$HOME/$d" ]; then p=$HOME/$d; fi; done',
  'if [ -w "$p" ]; then echo "writable yes"; fi',
  'echo "free $(df -Pk "$p" 2>/dev/null | tail -n 1)"',
  'if command -v gzip >/dev/null 2>&1; then echo "gzip yes"; fi',
  'if command -v node >/dev/null 2>&1; then echo "node path $(node --version 2>/dev/null)"; fi',
  'for f in "$HOME"/.cache/flexlab/node/*/node',
  'do if [ -x "$f" ]; then h=${f%/node}',
  'echo "node ${h##*/} $("$f" --version 2>/dev/null)"; fi; done',
  'for f in "$HOME"/.cache/flexlab/agents/*/agent.mjs',
  'do if [ -f "$f" ]; then h=${f%/agent.mjs}; echo "agent ${h##*/}"; fi; done',
  `echo "${PROBE_END}"`,
)

/**
 * Takes a line `KIND SHA256 PACKING` and then the bytes of a file until the end of the input. They
 * are written under a name of their own, hashed, a Node also started once, and only then renamed:
 * a file in its place is whole, also when two labs upload at once.
 */
export const UPLOAD = sh(
  'umask 077',
  't=',
  'clean() { if [ -n "$t" ]; then rm -f "$t"; fi; }',
  'trap clean 0',
  'trap "exit 1" 1 2 13 15',
  `fail() { echo "${PUT} $1"; exit 1; }`,
  'read -r kind hash packing || fail request',
  'case $kind in agents) name=agent.mjs;; node) name=node;; *) fail request;; esac',
  '[ "$(expr "x$hash" : "x[0-9a-f]*$")" = 65 ] || fail request',
  'd=$HOME/.cache/flexlab/$kind/$hash',
  'mkdir -p "$d" || fail folder',
  'find "$d" -name ".part-*" -mtime +0 -exec rm -f {} + 2>/dev/null',
  't=$(mktemp "$d/.part-XXXXXX") || fail folder',
  'case $packing in gzip) gzip -dc >"$t";; *) cat >"$t";; esac || fail write',
  's=$( { sha256sum <"$t" || shasum -a 256 <"$t" || openssl dgst -sha256 -r <"$t"; } 2>/dev/null)',
  '[ -n "$s" ] || fail tools',
  '[ "${s%% *}" = "$hash" ] || fail hash',
  'chmod 700 "$t" || fail write',
  'if [ "$kind" = node ]; then "$t" --version >/dev/null || fail start; fi',
  'mv -f "$t" "$d/$name" || fail write',
  't=',
  `echo "${PUT} ok"`,
)

/** Takes a line `NODE SHA256` (NODE: `path`, or the hash of one that was uploaded); then frames. */
export const START = sh(
  'unset NODE_OPTIONS',
  'read -r node hash',
  'c=$HOME/.cache/flexlab',
  'case $node in path) n=node;; *) n=$c/node/$node/node;; esac',
  'exec "$n" "$c/agents/$hash/agent.mjs"',
)

/** Statements in a row; one that opens a block (`for …`) goes on in the next. */
function sh(...statements: string[]): string {
  return statements.join('; ')
}
