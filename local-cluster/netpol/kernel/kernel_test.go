package kernel_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sekisho.dev/local-cluster/netpol/kernel"
	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/policytest"
	"sekisho.dev/local-cluster/netpol/ruleset"
)

const (
	patient   = 3 * time.Second        // for what must pass
	impatient = 300 * time.Millisecond // for what must not: a packet takes microseconds here
)

var cidrs = []netip.Prefix{policytest.PodCIDR}

// enforced is a table with one case's rules, as the enforcer would set them.
type enforced struct {
	t     *testing.T
	table *kernel.Table
}

func newEnforced(t *testing.T) *enforced {
	t.Helper()
	table, err := kernel.NewTable()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = exec.Command("nft", "delete", "table", "inet", kernel.TableName).Run() })
	return &enforced{t, table}
}

// set applies policies and cuts what they forbid.
func (e *enforced) set(policies string) policy.Verdicts {
	e.t.Helper()
	verdicts, problems := policytest.Case{Name: e.t.Name(), Policies: policies}.Verdicts()
	if len(problems) > 0 {
		e.t.Fatal(problems)
	}
	if _, err := e.table.Apply(context.Background(), ruleset.Render(verdicts, cidrs)); err != nil {
		e.t.Fatal(err)
	}
	if _, err := kernel.Cut(cidrs, func(c kernel.Connection) bool { return !verdicts.Allow(c.Flow, policytest.Node()) }); err != nil {
		e.t.Fatal(err)
	}
	return verdicts
}

func (e *enforced) off() {
	e.t.Helper()
	if _, err := e.table.Apply(context.Background(), ruleset.Open()); err != nil {
		e.t.Fatal(err)
	}
}

func expect(t *testing.T, text string, want bool) {
	t.Helper()
	patience := impatient
	if want {
		patience = patient
	}
	if got := theLab.passes(policytest.ParseFlow(text), patience); got != want {
		t.Errorf("%s: passes %v, want %v", text, got, want)
	}
}

func TestEveryCaseWithRealPackets(t *testing.T) {
	e := newEnforced(t)
	for _, row := range policytest.Cases {
		t.Run(row.Name, func(t *testing.T) {
			e.set(row.Policies)
			var wait sync.WaitGroup
			check := func(flows []string, want bool) {
				for _, text := range flows {
					if strings.Contains(text, " sctp/") {
						continue // Debian's kernel has SCTP, a small one may not; the pure core is tested with it
					}
					wait.Go(func() { expect(t, text, want) })
				}
			}
			check(row.Allow, true)
			check(row.Deny, false)
			wait.Wait()
		})
	}
}

// The differences that Apply writes must lead to the same table as writing everything anew.
func TestUpdatesEndWhereAReplacementEnds(t *testing.T) {
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	e := newEnforced(t)
	for _, row := range policytest.Cases {
		verdicts := e.set(row.Policies)
		updated := listing(t)
		if err := e.table.Replace(context.Background(), ruleset.Render(verdicts, cidrs)); err != nil {
			t.Fatal(err)
		}
		if replaced := listing(t); updated != replaced {
			t.Errorf("%s:\nupdated\n%s\nreplaced\n%s", row.Name, updated, replaced)
		}
	}
	e.off()
	for _, line := range strings.Split(listing(t), "\n") {
		if strings.Contains(line, "drop") || strings.Contains(line, "map") || strings.Contains(line, "set ") {
			t.Errorf("switched off, and still in the table: %s", line)
		}
	}
	if log.Len() > 0 {
		t.Errorf("an update failed and was made good by a replacement: %s", log.String())
	}
}

// listing is the table's content without an order.
func listing(t *testing.T) string {
	t.Helper()
	output, err := exec.Command("nft", "--stateless", "list", "table", "inet", kernel.TableName).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	lines := strings.FieldsFunc(string(output), func(r rune) bool { return strings.ContainsRune("\n\t,", r) })
	for i, line := range lines {
		words := strings.Fields(strings.NewReplacer("elements = {", "", "}", "").Replace(line))
		lines[i] = strings.Join(words, " ")
	}
	slices.Sort(lines)
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func TestEstablishedConnectionsAreCut(t *testing.T) {
	const openAll, denyShop = `{}`, `shop/a: {podSelector: {}, policyTypes: [Ingress, Egress]}`
	rows := []string{"db>web tcp/80", "web>node tcp/80", "far>web tcp/8080", "bweb>web tcp/9090", "bweb>web udp/53", "web>node udp/53", "web>far udp/8080"}
	for _, text := range rows {
		t.Run(text, func(t *testing.T) {
			e := newEnforced(t)
			e.set(openAll)
			conn := connect(t, text)
			untouched := connect(t, "bweb>audit tcp/80")
			e.set(denyShop)
			if echoes(conn, impatient) {
				t.Error("the connection goes on")
			}
			if !echoes(untouched, patient) {
				t.Error("a connection that no policy forbids was cut too")
			}
		})
	}
}

func connect(t *testing.T, text string) net.Conn {
	t.Helper()
	conn, err := theLab.dial(policytest.ParseFlow(text), patient)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if !echoes(conn, patient) {
		t.Fatalf("%s: no echo before the cut", text)
	}
	return conn
}

// After the cut the other side sends first: its packet, from the middle of the connection, must not open it again.
func TestTheOtherSideCannotReopenACutConnection(t *testing.T) {
	for _, server := range []string{"db", "node", "out"} {
		t.Run(server, func(t *testing.T) {
			e := newEnforced(t)
			e.set(`{}`)
			serverEnd, clientEnd := pair(t, "web", server)
			e.set(`shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}`)
			_, _ = serverEnd.Write([]byte("first"))
			time.Sleep(impatient)
			if passed := readsSoon(clientEnd); passed && server != "node" {
				t.Error("what the server sent came through")
			}
			_, _ = clientEnd.Write([]byte("secret"))
			if readsSoon(serverEnd) {
				t.Error("what the pod sent came through")
			}
		})
	}
}

func pair(t *testing.T, client, server string) (serverEnd, clientEnd net.Conn) {
	t.Helper()
	const port = 7000
	var listener *net.TCPListener
	if err := theLab.in(server, func() (err error) {
		listener, err = net.ListenTCP("tcp4", &net.TCPAddr{Port: port})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	clientEnd, err := theLab.dial(policytest.Flow{From: client, To: server, Protocol: "tcp", Port: port}, patient)
	if err != nil {
		t.Fatal(err)
	}
	if serverEnd, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { serverEnd.Close(); clientEnd.Close() })
	return serverEnd, clientEnd
}

func readsSoon(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now().Add(impatient))
	_, err := io.ReadFull(conn, make([]byte, 5))
	return err == nil
}

func TestTheSwitch(t *testing.T) {
	const deny = `shop/a: {podSelector: {}, policyTypes: [Ingress, Egress]}`
	e := newEnforced(t)
	e.set(deny)
	expect(t, "db>web tcp/80", false)
	e.off()
	expect(t, "db>web tcp/80", true)
	expect(t, "ghost>web tcp/80", true)
	openedWhileOff := connect(t, "db>web tcp/8080")
	e.set(deny)
	expect(t, "db>web tcp/80", false)
	expect(t, "ghost>web tcp/80", false)
	if echoes(openedWhileOff, impatient) {
		t.Error("a connection that was opened while the switch was off goes on")
	}
}

// A new enforcer knows nothing of what the last one wrote: it replaces the table without letting a packet through, and
// what was there of pods that died meanwhile is gone.
func TestARestartLeavesNoGap(t *testing.T) {
	const deny = `shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 80}]}]}`
	e := newEnforced(t)
	verdicts := e.set(deny)
	received := count(t, "web", 6000)
	stop := flood(t, "bweb", "web", 6000)
	for range 40 {
		again, err := kernel.NewTable()
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Replace(context.Background(), ruleset.Render(verdicts, cidrs)); err != nil {
			t.Fatal(err)
		}
	}
	if got := received.Load(); got != 0 {
		t.Errorf("%d packets came through", got)
	}
	e.off()
	time.Sleep(impatient)
	stop()
	if received.Load() == 0 {
		t.Error("with the rules away nothing came through either: the test proves nothing")
	}
	t.Logf("with the rules away %d packets came through in %s", received.Load(), impatient)

	e.set(deny)
	delete(verdicts, policytest.Addrs["web"])
	later := newEnforced(t)
	if err := later.table.Replace(context.Background(), ruleset.Render(verdicts, cidrs)); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{policytest.Addrs["web"].String() + " ", "in4-", "peers4-"} {
		if strings.Contains(listing(t), gone) {
			t.Errorf("%q of a pod that is gone is still in the table:\n%s", gone, listing(t))
		}
	}
}

func count(t *testing.T, who string, port int) *atomic.Int64 {
	t.Helper()
	var received atomic.Int64
	if err := theLab.in(who, func() error {
		conn, err := net.ListenUDP("udp4", &net.UDPAddr{Port: port})
		if err != nil {
			return err
		}
		t.Cleanup(func() { conn.Close() })
		go func() {
			for buffer := make([]byte, 8); ; {
				if _, _, err := conn.ReadFromUDPAddrPort(buffer); err != nil {
					return
				}
				received.Add(1)
			}
		}()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return &received
}

func flood(t *testing.T, from, to string, port int) (stop func()) {
	t.Helper()
	conn, err := theLab.dial(policytest.Flow{From: from, To: to, Protocol: "udp", Port: port}, patient)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			if _, err := conn.Write([]byte("x")); err != nil && strings.Contains(err.Error(), "closed") {
				return
			}
		}
	}()
	return func() { conn.Close(); <-done }
}

// A Service is judged by the pod that it leads to, also when that is the pod itself (which then sees the node as its peer).
func TestServices(t *testing.T) {
	e := newEnforced(t)
	service(t, "10.96.0.1", policytest.Addrs["web"].String())
	policytest.Addrs["service"] = netip.MustParseAddr("10.96.0.1")
	e.set(`shop/a: {podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{podSelector: {matchLabels: {app: web}}}]}], ingress: [{from: [{podSelector: {matchLabels: {app: db}}}]}]}`)
	expect(t, "db>service tcp/80", true)
	expect(t, "web>service tcp/80", true)
	expect(t, "bweb>service tcp/80", false)
	expect(t, "node>service tcp/80", true)

	through := connect(t, "db>service tcp/80")
	e.set(`shop/a: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.96.0.1/32}}]}]}`)
	if echoes(through, impatient) {
		t.Error("a connection through a Service goes on")
	}
	expect(t, "db>service tcp/80", false)
	expect(t, "bweb>service tcp/80", true)
}

// service translates as kube-proxy does.
func service(t *testing.T, address, pod string) {
	t.Helper()
	rules := fmt.Sprintf(`table ip lab-services {
		chain before { type nat hook prerouting priority dstnat; ip daddr %[1]s dnat to %[2]s; }
		chain own { type nat hook output priority -100; ip daddr %[1]s dnat to %[2]s; }
		chain after { type nat hook postrouting priority srcnat; ip saddr %[2]s ip daddr %[2]s masquerade; }
	}`, address, pod)
	command := exec.Command("nft", "-f", "-")
	command.Stdin = strings.NewReader(rules)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	// The node, like any, has a route to what is not its own; else its packets end before the translation.
	if err := ip("route add 10.96.0.0/16 via " + policytest.Addrs["out"].String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exec.Command("nft", "delete", "table", "ip", "lab-services").Run()
		_ = ip("route del 10.96.0.0/16")
	})
}

// A pod that makes up its source address gets nowhere: neither as another pod, nor as someone outside.
func TestForgedSourceAddresses(t *testing.T) {
	e := newEnforced(t)
	e.set(`shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}`)
	ns := theLab.prefix + "web"
	port := 6100
	for _, forged := range []string{"10.244.0.3", "198.51.100.7"} {
		if err := ip(fmt.Sprintf("-n %s addr add %s/32 dev eth0", ns, forged)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ip(fmt.Sprintf("-n %s addr del %s/32 dev eth0", ns, forged)) })
		for _, target := range []string{"node", "audit"} {
			port++
			received := count(t, target, port)
			send(t, "web", forged, policytest.Addrs[target], port)
			time.Sleep(impatient)
			if got := received.Load(); got != 0 {
				t.Errorf("as %s: %d packets reached %s", forged, got, target)
			}
			e.off()
			// Without rules the kernel forwards it, which shows that the packet was really sent.
			send(t, "web", forged, policytest.Addrs[target], port)
			time.Sleep(impatient)
			if received.Load() == 0 {
				t.Errorf("as %s: nothing reached %s without rules either: the test proves nothing", forged, target)
			}
			e.set(`shop/a: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}`)
		}
	}
}

func send(t *testing.T, who, source string, to netip.Addr, port int) {
	t.Helper()
	if err := theLab.in(who, func() error {
		conn, err := net.DialUDP("udp4", &net.UDPAddr{IP: net.ParseIP(source)}, &net.UDPAddr{IP: to.AsSlice(), Port: port})
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = conn.Write([]byte("x"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// Without IPv6 addresses for pods there are still link-local ones, which need no configuration.
func TestIPv6IsClosed(t *testing.T) {
	e := newEnforced(t)
	linkLocal := nodeLinkLocal(t, "v-web")
	var listener *net.TCPListener
	if err := theLab.in("node", func() (err error) {
		listener, err = net.ListenTCP("tcp6", &net.TCPAddr{Port: 6200})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go echoTCP(listener)
	reaches := func() bool {
		passed := false
		_ = theLab.in("web", func() error {
			conn, err := net.DialTimeout("tcp6", net.JoinHostPort(linkLocal+"%eth0", "6200"), time.Second)
			if err != nil {
				return err
			}
			defer conn.Close()
			passed = echoes(conn, time.Second)
			return nil
		})
		return passed
	}
	e.off()
	began := time.Now() // a fresh link-local address is not usable for a second or two
	for !reaches() {
		if time.Since(began) > 5*time.Second {
			t.Fatal("without rules it does not get through either: the test proves nothing")
		}
	}
	e.set(`{}`)
	if reaches() {
		t.Error("a pod reaches its node by a link-local address")
	}
}

func nodeLinkLocal(t *testing.T, device string) string {
	t.Helper()
	link, err := net.InterfaceByName(device)
	if err != nil {
		t.Fatal(err)
	}
	addrs, err := link.Addrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range addrs {
		if prefix := netip.MustParsePrefix(addr.String()); prefix.Addr().IsLinkLocalUnicast() && prefix.Addr().Is6() {
			return prefix.Addr().String()
		}
	}
	t.Skip("this kernel has no IPv6")
	return ""
}

// No packet is sent here: it shows that the kernel takes the rules for pods that have addresses of both families.
func TestRulesForBothFamiliesLoad(t *testing.T) {
	both := []netip.Prefix{policytest.PodCIDR, netip.MustParsePrefix("fd00:10::/64")}
	pods := []policy.Pod{{Namespace: "a", Name: "p", Addrs: []netip.Addr{netip.MustParseAddr("10.244.0.2"), netip.MustParseAddr("fd00:10::2")}}}
	policies, err := policytest.Case{Policies: `a/x: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "fd00::/8", except: ["fd00:10::7/128"]}}, {ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80, endPort: 90}]}]}`}.Parse()
	if err != nil {
		t.Fatal(err)
	}
	verdicts, _ := policy.Compile(pods, nil, policies)
	e := newEnforced(t)
	if err := e.table.Replace(context.Background(), ruleset.Render(verdicts, both)); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"ip6 saddr vmap @egress6", "fd00:10::2 : goto in6-", "10.244.0.2 : goto in4-"} {
		if !strings.Contains(nftText(t), part) {
			t.Errorf("%q is not in the table", part)
		}
	}
}

func nftText(t *testing.T) string {
	t.Helper()
	output, err := exec.Command("nft", "list", "table", "inet", kernel.TableName).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return string(output)
}
