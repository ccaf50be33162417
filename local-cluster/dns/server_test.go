package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

func started(t *testing.T, handler dns.Handler) (address string) {
	t.Helper()
	sockets, err := listen("127.0.0.1:0", handler)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- sockets.serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return sockets.udp.PacketConn.LocalAddr().String()
}

func asked(t *testing.T, address, transport, name string, kind uint16, size uint16) *dns.Msg {
	t.Helper()
	question := new(dns.Msg).SetQuestion(name, kind)
	if size > 0 {
		question.SetEdns0(size, true)
	}
	reply, _, err := (&dns.Client{Net: transport, UDPSize: 4096, Timeout: 5 * time.Second}).Exchange(question, address)
	if err != nil {
		t.Fatalf("%s %s: %v", name, transport, err)
	}
	return reply
}

func TestReplies(t *testing.T) {
	address := started(t, newServer(testZone(t), resolversAt(t)))
	for _, transport := range []string{"udp", "tcp"} {
		found := asked(t, address, transport, "web.shop.svc.cluster.local.", dns.TypeA, 0)
		if written(found.Rcode, found.Answer, nil) != "NOERROR 10.201.64.20" || !found.Authoritative || !found.RecursionAvailable || found.IsEdns0() != nil || len(found.Ns) > 0 {
			t.Errorf("%s: %v", transport, found)
		}
		for name, code := range map[string]int{"web.shop.svc.cluster.local.": dns.RcodeSuccess, "no.shop.svc.cluster.local.": dns.RcodeNameError} {
			denied := asked(t, address, transport, name, dns.TypeAAAA, 4096)
			if denied.Rcode != code || len(denied.Answer) > 0 || len(denied.Ns) != 1 || denied.Ns[0].Header().Rrtype != dns.TypeSOA {
				t.Errorf("%s: a denial without its authority: %v", transport, denied)
			}
			if option := denied.IsEdns0(); option == nil || option.UDPSize() != udpSize {
				t.Errorf("%s: the extension is not answered: %v", transport, denied)
			}
		}
	}
}

// manyEndpoints makes a headless Service whose answer no packet holds.
func manyEndpoints(t *testing.T, z zone, count int) {
	t.Helper()
	var endpoints []discoveryv1.Endpoint
	for i := range count {
		endpoints = append(endpoints, discoveryv1.Endpoint{Addresses: []string{fmt.Sprintf("10.201.%d.%d", 128+i/250, i%250)}})
	}
	for _, err := range []error{
		z.known.services.Add(serviceWith("shop", "many", corev1.ClusterIPNone)),
		z.known.slices.Add(sliceOf("shop", "many", "a", 1, endpoints...)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestRepliesFitTheClient(t *testing.T) {
	z := testZone(t)
	manyEndpoints(t, z, 600)
	address := started(t, newServer(z, resolversAt(t)))
	rows := []struct {
		transport string
		announced uint16
		most      int
		truncated bool
	}{
		{"udp", 0, 512, true}, {"udp", 100, 512, true}, {"udp", 800, 800, true}, {"udp", 4096, udpSize, true},
		{"tcp", 0, dns.MaxMsgSize, false}, {"tcp", 512, dns.MaxMsgSize, false},
	}
	for _, row := range rows {
		reply := asked(t, address, row.transport, "many.shop.svc.cluster.local.", dns.TypeA, row.announced)
		reply.Compress = true
		if reply.Truncated != row.truncated || reply.Len() > row.most || reply.Len() < row.most/2 && row.truncated || !row.truncated && len(reply.Answer) != 600 {
			t.Errorf("%+v: truncated %t, %d bytes, %d addresses", row, reply.Truncated, reply.Len(), len(reply.Answer))
		}
		if (reply.IsEdns0() != nil) != (row.announced > 0) {
			t.Errorf("%+v: extension %v", row, reply.IsEdns0())
		}
	}
}

// What is not a question about the internet's names is refused, and never ends the server.
func TestOddMessages(t *testing.T) {
	address := started(t, newServer(testZone(t), resolversAt(t)))
	odd := func(change func(*dns.Msg)) *dns.Msg {
		message := new(dns.Msg).SetQuestion("web.shop.svc.cluster.local.", dns.TypeA)
		change(message)
		return message
	}
	rows := map[string]struct {
		message *dns.Msg
		code    int
	}{
		"another class":     {odd(func(m *dns.Msg) { m.Question[0].Qclass = dns.ClassCHAOS }), dns.RcodeRefused},
		"a transfer":        {odd(func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeAXFR }), dns.RcodeRefused},
		"everything":        {odd(func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeANY }), dns.RcodeNotImplemented},
		"a notification":    {odd(func(m *dns.Msg) { m.Opcode = dns.OpcodeNotify }), dns.RcodeNotImplemented},
		"an update":         {odd(func(m *dns.Msg) { m.Opcode = dns.OpcodeUpdate }), dns.RcodeNotImplemented},
		"two questions":     {odd(func(m *dns.Msg) { m.Question = append(m.Question, m.Question[0]) }), dns.RcodeFormatError},
		"another extension": {odd(func(m *dns.Msg) { m.SetEdns0(1232, false); m.IsEdns0().SetVersion(1) }), dns.RcodeBadVers},
	}
	for what, row := range rows {
		reply, _, err := (&dns.Client{Timeout: 2 * time.Second}).Exchange(row.message, address)
		if err != nil || reply.Rcode != row.code {
			t.Errorf("%s: %v %v, want %s", what, reply, err, dns.RcodeToString[row.code])
		}
	}
	// A header that claims a question and ends; and what is no message at all.
	for _, raw := range [][]byte{{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, {1}, []byte(strings.Repeat("x", 3000))} {
		sendRaw(t, address, raw)
	}
	if found := asked(t, address, "udp", "web.shop.svc.cluster.local.", dns.TypeA, 0); len(found.Answer) != 1 {
		t.Errorf("after the odd messages: %v", found)
	}
}

func sendRaw(t *testing.T, address string, raw []byte) {
	t.Helper()
	conn, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(raw); err != nil {
		t.Fatal(err)
	}
}

// Clients that open connections and say nothing are let go, so that others get in.
func TestSilentConnectionsAreLetGo(t *testing.T) {
	address := started(t, newServer(testZone(t), resolversAt(t)))
	for range maxConnections {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	question := new(dns.Msg).SetQuestion("web.shop.svc.cluster.local.", dns.TypeA)
	reply, _, err := (&dns.Client{Net: "tcp", Timeout: readLimit + 3*time.Second}).Exchange(question, address)
	if err != nil || len(reply.Answer) != 1 {
		t.Errorf("%v %v", reply, err)
	}
}

func TestAFullServerDropsQuestions(t *testing.T) {
	s := newServer(testZone(t), resolversAt(t))
	address := started(t, s)
	for range maxBusy {
		s.busy <- struct{}{}
	}
	question := new(dns.Msg).SetQuestion("web.shop.svc.cluster.local.", dns.TypeA)
	_, _, err := (&dns.Client{Timeout: 300 * time.Millisecond}).Exchange(question, address)
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("a full server answers: %v", err)
	}
	<-s.busy
	if found := asked(t, address, "udp", "web.shop.svc.cluster.local.", dns.TypeA, 0); len(found.Answer) != 1 {
		t.Errorf("%v", found)
	}
}
