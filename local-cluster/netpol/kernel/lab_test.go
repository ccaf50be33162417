package kernel_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sekisho.dev/local-cluster/netpol/policytest"
)

const inLab = "NETPOL_KERNEL_LAB"

// TestMain runs the tests in a network namespace of their own, which plays the node: nothing of the machine's own
// network is touched.
func TestMain(m *testing.M) {
	if os.Getenv(inLab) == "" {
		os.Exit(again())
	}
	lab := newLab()
	code := 2
	if err := lab.build(); err != nil {
		fmt.Fprintln(os.Stderr, "the lab of network namespaces cannot be built:", err)
	} else {
		code = m.Run()
	}
	lab.remove()
	os.Exit(code)
}

func again() int {
	if _, err := exec.LookPath("nft"); os.Geteuid() != 0 || err != nil {
		fmt.Println("SKIP: the kernel tests need root and the Debian package nftables")
		return 0
	}
	command := exec.Command(os.Args[0], os.Args[1:]...)
	command.Env = append(os.Environ(), inLab+"=1")
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	var failed *exec.ExitError
	if err := command.Run(); errors.As(err, &failed) {
		return failed.ExitCode()
	} else if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// lab is a node with pods wired as the CNI plug-in ptp does it, and someone outside.
type lab struct {
	prefix string
	own    int            // the node's namespace
	places map[string]int // who to namespace
}

var theLab *lab

func newLab() *lab {
	theLab = &lab{prefix: fmt.Sprintf("netpol-test-%d-", os.Getpid()), places: map[string]int{}}
	return theLab
}

func (l *lab) build() (err error) {
	if l.own, err = unix.Open("/proc/self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return err
	}
	l.places["node"] = l.own
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0); err != nil {
		return err
	}
	if err := ip("link set lo up"); err != nil {
		return err
	}
	for _, pod := range []string{"web", "db", "bweb", "audit", "ghost"} {
		if err := l.addPod(pod, policytest.Addrs[pod]); err != nil {
			return err
		}
	}
	if err := l.addOutside(); err != nil {
		return err
	}
	for who := range l.places {
		if err := l.serve(who); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) addPod(who string, addr netip.Addr) error {
	ns := l.prefix + who
	if err := ip(
		"netns add "+ns,
		fmt.Sprintf("link add v-%s type veth peer name eth0 netns %s", who, ns),
		fmt.Sprintf("addr add %s/32 dev v-%s", policytest.Gateway, who),
		fmt.Sprintf("link set v-%s up", who),
		fmt.Sprintf("route add %s/32 dev v-%s", addr, who),
		fmt.Sprintf("-n %s link set lo up", ns),
		fmt.Sprintf("-n %s addr add %s/32 dev eth0", ns, addr),
		fmt.Sprintf("-n %s link set eth0 up", ns),
		fmt.Sprintf("-n %s route add default via %s dev eth0 onlink", ns, policytest.Gateway),
	); err != nil {
		return err
	}
	return l.open(who)
}

func (l *lab) addOutside() error {
	ns := l.prefix + "out"
	out, far, node := policytest.Addrs["out"], policytest.Addrs["far"], policytest.Addrs["node"]
	if err := ip(
		"netns add "+ns,
		fmt.Sprintf("link add v-out type veth peer name eth0 netns %s", ns),
		fmt.Sprintf("addr add %s/24 dev v-out", node),
		"link set v-out up",
		fmt.Sprintf("-n %s link set lo up", ns),
		fmt.Sprintf("-n %s addr add %s/24 dev eth0", ns, out),
		fmt.Sprintf("-n %s addr add %s/32 dev lo", ns, far),
		fmt.Sprintf("-n %s link set eth0 up", ns),
		fmt.Sprintf("-n %s route add %s via %s", ns, policytest.PodCIDR, node),
		fmt.Sprintf("route add %s via %s", far, out),
	); err != nil {
		return err
	}
	if err := l.open("out"); err != nil {
		return err
	}
	l.places["far"] = l.places["out"]
	return nil
}

func (l *lab) open(who string) (err error) {
	l.places[who], err = unix.Open("/run/netns/"+l.prefix+who, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	return err
}

func (l *lab) remove() {
	for who := range l.places {
		if who != "node" && who != "far" {
			if err := ip("netns del " + l.prefix + who); err != nil {
				fmt.Fprintln(os.Stderr, err)
			}
		}
	}
}

func ip(commands ...string) error {
	for _, text := range commands {
		if output, err := exec.Command("ip", strings.Fields(text)...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", text, err, output)
		}
	}
	return nil
}

// in runs a function in someone's network namespace; sockets that it opens stay there.
func (l *lab) in(who string, do func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, and its namespace with it
		if err := unix.Setns(l.places[who], unix.CLONE_NEWNET); err != nil {
			done <- err
			return
		}
		done <- do()
	}()
	return <-done
}

// serve listens on one address each, because a UDP answer must come from the address that was asked.
func (l *lab) serve(who string) error {
	own := policytest.Addrs[who].AsSlice()
	return l.in(who, func() error {
		for _, port := range policytest.TCPPorts {
			listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: own, Port: port})
			if err != nil {
				return err
			}
			go echoTCP(listener)
		}
		for _, port := range policytest.UDPPorts {
			conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: own, Port: port})
			if err != nil {
				return err
			}
			go echoUDP(conn)
		}
		return nil
	})
}

func echoTCP(listener *net.TCPListener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			_, _ = io.Copy(conn, conn)
		}()
	}
}

func echoUDP(conn *net.UDPConn) {
	buffer := make([]byte, 64)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		_, _ = conn.WriteToUDPAddrPort(buffer[:n], from)
	}
}

// dial opens a connection; only "far" must say which of its addresses it means.
func (l *lab) dial(flow policytest.Flow, patience time.Duration) (conn net.Conn, err error) {
	to := netip.AddrPortFrom(policytest.Addrs[flow.To], uint16(flow.Port))
	err = l.in(flow.From, func() (err error) {
		dialer := net.Dialer{Timeout: patience}
		if flow.From == "far" {
			dialer.LocalAddr = localAddr(flow.Protocol, policytest.Addrs["far"])
		}
		conn, err = dialer.Dial(flow.Protocol, to.String())
		return err
	})
	return conn, err
}

func localAddr(protocol string, addr netip.Addr) net.Addr {
	if protocol == "udp" {
		return net.UDPAddrFromAddrPort(netip.AddrPortFrom(addr, 0))
	}
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(addr, 0))
}

// passes tells whether a byte goes there and comes back.
func (l *lab) passes(flow policytest.Flow, patience time.Duration) bool {
	if flow.Protocol == "icmp" {
		return l.pings(flow, patience)
	}
	conn, err := l.dial(flow, patience)
	if err != nil {
		return false
	}
	defer conn.Close()
	return echoes(conn, patience)
}

func echoes(conn net.Conn, patience time.Duration) bool {
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := conn.Write([]byte("x")); err != nil {
		return false
	}
	answer := make([]byte, 1)
	_, err := io.ReadFull(conn, answer)
	return err == nil && answer[0] == 'x'
}

// pings sends one ICMP echo request by a raw socket.
func (l *lab) pings(flow policytest.Flow, patience time.Duration) (answered bool) {
	_ = l.in(flow.From, func() error {
		conn, err := net.Dial("ip4:icmp", policytest.Addrs[flow.To].String())
		if err != nil {
			return err
		}
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(patience))
		if _, err := conn.Write([]byte{8, 0, 0xf7, 0xfe, 0, 1, 0, 0}); err != nil { // echo request, id 1, with its checksum
			return err
		}
		answer := make([]byte, 64)
		n, err := conn.Read(answer)
		answered = err == nil && slices.Contains([]int{8, 28}, n)
		return err
	})
	return answered
}
