package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/net/netutil"
)

const (
	// udpSize is what passes every network without being cut into pieces.
	udpSize = 1232
	// maxBusy bounds the questions that are being answered, maxConnections those that TCP clients hold open.
	maxBusy        = 512
	maxConnections = 128
	maxAliases     = 4
	idleLimit      = 5 * time.Second
	readLimit      = 2 * time.Second
)

// server turns questions into messages.
type server struct {
	zone    zone
	outside *forwarder
	busy    chan struct{}
}

func newServer(z zone, outside *forwarder) *server {
	return &server{zone: z, outside: outside, busy: make(chan struct{}, maxBusy)}
}

// ServeDNS answers one message. What comes while all places are taken is dropped: the client asks again.
func (s *server) ServeDNS(w dns.ResponseWriter, question *dns.Msg) {
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	default:
		return
	}
	transport := w.LocalAddr().Network()
	reply := s.reply(question, transport)
	fit(reply, question, transport)
	_ = w.WriteMsg(reply) // a client that has gone needs no answer
}

func (s *server) reply(message *dns.Msg, transport string) *dns.Msg {
	reply := new(dns.Msg).SetReply(message)
	reply.RecursionAvailable = true
	if option := message.IsEdns0(); option != nil && option.Version() != 0 {
		reply.Rcode = dns.RcodeBadVers
		return reply
	}
	if len(message.Question) != 1 { // a bare header can claim a question that is not there
		reply.Rcode = dns.RcodeFormatError
		return reply
	}
	question := message.Question[0]
	switch {
	case message.Opcode != dns.OpcodeQuery:
		reply.Rcode = dns.RcodeNotImplemented
	case question.Qclass != dns.ClassINET:
		reply.Rcode = dns.RcodeRefused
	case question.Qtype == dns.TypeAXFR || question.Qtype == dns.TypeIXFR:
		reply.Rcode = dns.RcodeRefused
	case question.Qtype == dns.TypeANY:
		reply.Rcode = dns.RcodeNotImplemented
	default:
		s.fill(reply, question, transport)
	}
	return reply
}

// fill follows aliases: within the cluster, and then once to the world outside.
func (s *server) fill(reply *dns.Msg, question dns.Question, transport string) {
	for range maxAliases {
		apex := s.zone.apexOf(question.Name)
		if apex == "" {
			s.fillFromOutside(reply, question, transport)
			return
		}
		found := s.zone.about(question.Name, question.Qtype)
		reply.Authoritative = true
		reply.Rcode = found.code
		reply.Answer = append(reply.Answer, found.records...)
		reply.Extra = append(reply.Extra, found.extra...)
		if found.alias == "" || question.Qtype == dns.TypeCNAME {
			if len(found.records) == 0 {
				reply.Ns = []dns.RR{authority(apex)}
			}
			return
		}
		question.Name = found.alias
	}
	reply.Rcode = dns.RcodeServerFailure // the aliases lead in a circle, or nearly
}

func (s *server) fillFromOutside(reply *dns.Msg, question dns.Question, transport string) {
	found, err := s.outside.ask(question, transport)
	if err != nil {
		reply.Rcode = dns.RcodeServerFailure
		return
	}
	reply.Authoritative = false
	reply.Rcode = found.Rcode
	reply.Truncated = found.Truncated
	reply.Answer = append(reply.Answer, found.Answer...)
	reply.Ns = append(reply.Ns, found.Ns...)
	for _, record := range found.Extra {
		if record.Header().Rrtype != dns.TypeOPT { // that one is between the resolver and us
			reply.Extra = append(reply.Extra, record)
		}
	}
}

// fit gives the reply the extension that the question had, and cuts it to what the client can take.
func fit(reply, question *dns.Msg, transport string) {
	size := dns.MaxMsgSize
	if transport == "udp" {
		size = dns.MinMsgSize
	}
	if option := question.IsEdns0(); option != nil {
		reply.SetEdns0(udpSize, false)
		if transport == "udp" {
			size = min(int(option.UDPSize()), udpSize)
		}
	}
	reply.Truncate(size) // to 512 bytes at the least
}

// listeners are the two sockets of a server.
type listeners struct{ udp, tcp *dns.Server }

// listen opens one port for UDP and TCP. Where the system chooses it, what it chose for the one may be taken for the other: then another.
func listen(address string, handler dns.Handler) (*listeners, error) {
	for attempt := 1; ; attempt++ {
		opened, err := listenOnce(address, handler)
		if err == nil || attempt == 8 || !strings.HasSuffix(address, ":0") {
			return opened, err
		}
	}
}

func listenOnce(address string, handler dns.Handler) (*listeners, error) {
	packets, err := net.ListenPacket("udp", address)
	if err != nil {
		return nil, fmt.Errorf("answer on --listen %s: %w; choose a free address and port", address, err)
	}
	// The same port for both, also where the system chose it.
	connections, err := net.Listen("tcp", packets.LocalAddr().String())
	if err != nil {
		packets.Close()
		return nil, fmt.Errorf("answer on --listen %s: %w; choose a free address and port", address, err)
	}
	idle := func() time.Duration { return idleLimit }
	return &listeners{
		udp: &dns.Server{PacketConn: packets, Handler: handler, UDPSize: dns.DefaultMsgSize},
		tcp: &dns.Server{Listener: netutil.LimitListener(connections, maxConnections), Handler: handler,
			ReadTimeout: readLimit, WriteTimeout: readLimit, IdleTimeout: idle},
	}, nil
}

// serve returns when the context ends, or with the first failure of a socket.
func (l *listeners) serve(ctx context.Context) error {
	failed := make(chan error, 2)
	for _, one := range []*dns.Server{l.udp, l.tcp} {
		go func() { failed <- one.ActivateAndServe() }()
	}
	select {
	case <-ctx.Done():
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		return errors.Join(stopped(l.udp.ShutdownContext(soon)), stopped(l.tcp.ShutdownContext(soon)))
	case err := <-failed:
		return err
	}
}

// stopped: a client that is slow to leave is no failure of ours.
func stopped(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
