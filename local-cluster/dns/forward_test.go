package dns

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// resolversAt has tried those at these addresses.
func resolversAt(t *testing.T, addresses ...string) *forwarder {
	t.Helper()
	f := newForwarder(func() ([]string, error) { return addresses, nil })
	found, err := f.try(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f.reachable.Store(&found)
	return f
}

func TestAliases(t *testing.T) {
	outside := started(t, dns.HandlerFunc(world))
	address := started(t, newServer(testZone(t), resolversAt(t, outside)))
	for name, want := range map[string]string{
		"inside.shop.svc.cluster.local.":  "NOERROR 10.201.64.20 web.shop.svc.cluster.local.",
		"outside.shop.svc.cluster.local.": "NOERROR 192.0.2.1 example.test.",
	} {
		found := asked(t, address, "udp", name, dns.TypeA, 0)
		if got := written(found.Rcode, found.Answer, nil); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if found := asked(t, address, "udp", "circle.shop.svc.cluster.local.", dns.TypeA, 0); found.Rcode != dns.RcodeServerFailure {
		t.Errorf("an alias of itself: %v", found)
	}
}

// world is a resolver: it knows one name, and one with an answer too large for a packet.
func world(w dns.ResponseWriter, question *dns.Msg) {
	reply := new(dns.Msg).SetReply(question)
	header := dns.RR_Header{Name: question.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: 60}
	switch question.Question[0].Name {
	case ".":
	case "example.test.":
		reply.Answer = append(reply.Answer, &dns.A{Hdr: header, A: net.IPv4(192, 0, 2, 1)})
	case "large.test.":
		for i := range 250 {
			reply.Answer = append(reply.Answer, &dns.A{Hdr: header, A: net.IPv4(192, 0, 2, byte(i))})
		}
	default:
		reply.Rcode = dns.RcodeNameError
	}
	fit(reply, question, w.LocalAddr().Network())
	_ = w.WriteMsg(reply)
}

func TestOtherNamesAreAskedOutside(t *testing.T) {
	address := started(t, newServer(testZone(t), resolversAt(t, started(t, dns.HandlerFunc(world)))))
	for _, transport := range []string{"udp", "tcp"} {
		for name, want := range map[string]string{"example.test.": "NOERROR 192.0.2.1", "nothing.test.": "NXDOMAIN"} {
			found := asked(t, address, transport, name, dns.TypeA, 0)
			if got := written(found.Rcode, found.Answer, found.Extra); got != want || found.Authoritative {
				t.Errorf("%s %s: %s, want %s (authoritative %t)", name, transport, got, want, found.Authoritative)
			}
		}
		large := asked(t, address, transport, "large.test.", dns.TypeA, udpSize)
		if large.Truncated != (transport == "udp") || transport == "tcp" && len(large.Answer) != 250 {
			t.Errorf("%s: truncated %t, %d addresses", transport, large.Truncated, len(large.Answer))
		}
	}
}

// liar answers what it was not asked, and strange with a code that only an extension can tell.
func liar(w dns.ResponseWriter, question *dns.Msg) {
	reply := new(dns.Msg).SetReply(question)
	reply.Question[0].Name = "other.test."
	_ = w.WriteMsg(reply)
}

func strange(w dns.ResponseWriter, question *dns.Msg) {
	reply := new(dns.Msg).SetRcode(question, dns.RcodeBadVers)
	reply.SetEdns0(udpSize, false)
	_ = w.WriteMsg(reply)
}

func untried(addresses ...string) *forwarder {
	f := newForwarder(nil)
	f.reachable.Store(&addresses)
	return f
}

// Nobody waits for a resolver that has not answered yet, and one that has stopped to answer costs a bounded time.
func TestWithoutResolversNobodyWaits(t *testing.T) {
	mute := muteAddress(t)
	rows := map[string]struct {
		outside *forwarder
		limit   time.Duration
	}{
		"none":                       {resolversAt(t), 500 * time.Millisecond},
		"one that never answered":    {resolversAt(t, mute), 500 * time.Millisecond},
		"three that no longer do":    {untried(mute, mute, mute), askLimit + time.Second},
		"one that refuses":           {resolversAt(t, started(t, dns.HandlerFunc(refuse))), 500 * time.Millisecond},
		"one that answers otherwise": {untried(started(t, dns.HandlerFunc(liar))), 500 * time.Millisecond},
		"one with a strange code":    {untried(started(t, dns.HandlerFunc(strange))), 500 * time.Millisecond},
	}
	for what, row := range rows {
		address, began := started(t, newServer(testZone(t), row.outside)), time.Now()
		found := asked(t, address, "udp", "example.test.", dns.TypeA, 0)
		if took := time.Since(began); found.Rcode != dns.RcodeServerFailure || took > row.limit {
			t.Errorf("%s: %s after %s", what, dns.RcodeToString[found.Rcode], took)
		}
	}
}

func refuse(w dns.ResponseWriter, question *dns.Msg) {
	_ = w.WriteMsg(new(dns.Msg).SetRcode(question, dns.RcodeRefused))
}

func TestTheSecondResolverIsAsked(t *testing.T) {
	good := started(t, dns.HandlerFunc(world))
	for what, first := range map[string]string{"refuses": started(t, dns.HandlerFunc(refuse)), "no longer answers": muteAddress(t)} {
		address := started(t, newServer(testZone(t), untried(first, good)))
		if found := asked(t, address, "udp", "example.test.", dns.TypeA, 0); written(found.Rcode, found.Answer, nil) != "NOERROR 192.0.2.1" {
			t.Errorf("the first %s: %v", what, found)
		}
	}
}

// muteAddress takes questions and never answers.
func muteAddress(t *testing.T) string {
	t.Helper()
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	return silent.LocalAddr().String()
}

func TestResolversOfTheMachine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "resolv.conf")
	text := "# a comment\nnameserver 127.0.0.53\nnameserver 10.201.64.10\nnameserver 0.0.0.0\nnameserver ::1\nnameserver nonsense\n" +
		"nameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\noptions ndots:5\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	want := []string{"192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.2:53"}
	if found, err := resolversIn(file, netip.MustParsePrefix("10.201.0.0/16")); err != nil || !slices.Equal(found, want) {
		t.Errorf("%v %v, want %v", found, err, want)
	}
	if found, err := resolversIn("", testSubnet); err != nil || len(found) > 0 {
		t.Errorf("without a file: %v %v", found, err)
	}
}
