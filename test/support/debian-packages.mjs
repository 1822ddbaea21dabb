// The Debian packages that the full test suite and the bench use, for `npm run setup:debian`. Plain
// JavaScript, since it runs before anything is installed.
import { spawnSync } from 'node:child_process'

/** Debian packages that the full test suite uses, and the program each is recognised by. */
const DEBIAN_PACKAGES = [
  { name: 'chromium', program: 'chromium' },
  { name: 'poppler-utils', program: 'pdftotext' },
  { name: 'qpdf', program: 'qpdf' },
  { name: 'g++', program: 'g++' },
  { name: 'python3-simpy3', program: null },
  { name: 'protobuf-compiler', program: 'protoc' },
  // The test bed: guests, their kernel and their system, and what is in front of them.
  { name: 'qemu-system-x86', program: 'qemu-system-x86_64' },
  { name: 'linux-image-cloud-amd64', program: null },
  { name: 'busybox-static', program: null },
  { name: 'cpio', program: 'cpio' },
  { name: 'qemu-guest-agent', program: null },
  { name: 'openssh-server', program: null },
  { name: 'openssh-client', program: 'ssh' },
  { name: 'gcc', program: 'gcc' },
  { name: 'libc6-dev', program: null },
  { name: 'libvirt-daemon-system', program: null },
  // libvirt-daemon-system wants an init system; this one stands in where systemd does not run.
  { name: 'libvirt-daemon-system-sysv', program: null },
  { name: 'libvirt-clients', program: 'virsh' },
]

/** What `flexlab bench` compares with besides; large, and no test needs them. */
const BENCH_PACKAGES = [
  { name: 'libns3-dev', program: null },
  { name: 'libsimgrid-dev', program: null },
  { name: 'python3-simpy', program: null },
]

/**
 * Installs what is missing, with sudo where needed; `say` prints a line.
 * @returns an exit code
 */
export function installPackages(withBench, say) {
  const wanted = [...DEBIAN_PACKAGES, ...(withBench ? BENCH_PACKAGES : [])]
  if (spawnSync('apt-get', ['--version']).error) {
    say('apt-get is not here: this command is for Debian and Ubuntu. The programs are:')
    say(wanted.map((pkg) => pkg.name).join(' '))
    return 1
  }
  const missing = wanted.filter((pkg) => !isDebianPackageThere(pkg)).map((pkg) => pkg.name)
  if (missing.length === 0) {
    say('every Debian package asked for is installed')
    return 0
  }
  say(`installing ${missing.join(' ')} …`)
  const apt = ['apt-get', '-o', 'Acquire::Retries=3', '-q']
  return asRoot([...apt, 'update'], say)
    ? Number(!asRoot([...apt, 'install', '-y', '--no-install-recommends', ...missing], say))
    : 1
}

function isDebianPackageThere({ name, program }) {
  if (program !== null && spawnSync(program, ['--version']).error === undefined) return true
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' })
  return query.stdout?.includes('install ok installed') ?? false
}

function asRoot(argv, say) {
  const isRoot = process.getuid?.() === 0
  const [program, ...args] = isRoot ? argv : ['sudo', 'DEBIAN_FRONTEND=noninteractive', ...argv]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error } = spawnSync(program, args, { env, stdio: 'inherit' })
  if (error) say(`${program}: ${error.message}`)
  return status === 0
}
