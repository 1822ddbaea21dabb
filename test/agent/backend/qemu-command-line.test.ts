// Command lines of real QEMU processes (the bed's, libvirt 9's), and odd ones.
import { describe, expect, it } from 'vitest'
import { parseQemuCommandLine } from '../../../src-main/agent/backend/qemu-command-line.ts'

const BED = [
  ...['/usr/bin/qemu-system-x86_64', '-name', 'guest=bed-1,debug-threads=on', '-machine', 'pc'],
  ...['-cpu', 'max', '-accel', 'tcg,thread=multi', '-smp', '2,sockets=2,cores=1,threads=1'],
  ...['-m', '512', '-nodefaults', '-display', 'none', '-no-reboot'],
  ...['-chardev', 'socket,id=qmp0,path=/tmp/b/1.qmp,server=on,wait=off'],
  ...['-mon', 'chardev=qmp0,mode=control', '-device', 'virtio-serial-pci,id=vs0'],
  ...['-chardev', 'socket,id=qga0,path=/tmp/b/1.qga,server=on,wait=off'],
  ...['-device', 'virtserialport,bus=vs0.0,chardev=qga0,name=org.qemu.guest_agent.0'],
]

const LIBVIRT = [
  ...['/usr/bin/qemu-system-x86_64', '-name', 'guest=web,debug-threads=on', '-S'],
  ...['-machine', 'pc-i440fx-7.2,usb=off,dump-guest-core=off', '-accel', 'kvm', '-m', '2048'],
  ...['-chardev', 'socket,id=charmonitor,fd=23,server=on,wait=off'],
  ...['-mon', 'chardev=charmonitor,id=monitor,mode=control'],
  ...['-chardev', 'socket,id=charchannel0,fd=22,server=on,wait=off', '-device'],
  '{"driver":"virtserialport","bus":"virtio-serial0.0","nr":1,"chardev":"charchannel0",' +
    '"id":"channel0","name":"org.qemu.guest_agent.0"}',
]

describe('a QEMU command line', () => {
  it("of the bed's has all that the agent needs", () => {
    expect(parseQemuCommandLine(BED)).toEqual({
      name: 'bed-1',
      isLibvirt: false,
      qmpPath: '/tmp/b/1.qmp',
      qgaPath: '/tmp/b/1.qga',
      accel: 'tcg',
      memoryBytes: 512 * 2 ** 20,
    })
  })

  it("of libvirt's is told apart by its monitor, and has no sockets for others", () => {
    expect(parseQemuCommandLine(LIBVIRT)).toEqual({
      name: 'web',
      isLibvirt: true,
      qmpPath: null,
      qgaPath: null,
      accel: 'kvm',
      memoryBytes: 2 ** 31,
    })
  })

  it('with short options is read as QEMU reads them', () => {
    const argv = ['qemu-kvm', '--name', 'a,,b', '-qmp', 'unix:rel.sock,server=on', '-m', 'size=2G']
    const line = parseQemuCommandLine(argv)
    expect(line).toMatchObject({ name: 'a,b', qmpPath: 'rel.sock', memoryBytes: 2 ** 31 })
  })

  it.each(["a'b", 'a"b', 'a b', 'a;b', '$(id)', '-x', 'a\nb', 'guest'])(
    'has the name %j as it was given',
    (name) => {
      const argv = ['qemu-system-x86_64', '-name', `guest=${name}`]
      expect(parseQemuCommandLine(argv)?.name).toBe(name)
    },
  )

  it('does not claim an accelerator that QEMU chose among several', () => {
    const argv = ['qemu-system-x86_64', '-machine', 'q35,accel=kvm:tcg']
    expect(parseQemuCommandLine(argv)?.accel).toBe('unknown')
    expect(parseQemuCommandLine([...argv, '-accel', 'kvm'])?.accel).toBe('unknown')
  })

  it('of another program is none', () => {
    for (const argv of [[], [''], ['/usr/bin/qemu-img', 'info'], ['less', 'qemu-system-x86_64']]) {
      expect(parseQemuCommandLine(argv)).toBeNull()
    }
  })

  it('that ends in the middle, or holds rubbish, is read as far as it goes', () => {
    const argv = ['qemu-system-x86_64', '-name', '-device', '{"a":', '-chardev', '', '-m']
    expect(parseQemuCommandLine(argv)).toMatchObject({ qgaPath: null, memoryBytes: null })
  })
})
