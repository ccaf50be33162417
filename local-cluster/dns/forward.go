package dns

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

const (
	maxResolvers = 3 // as many as the C library asks
	// A resolver is tried on its own time, so that nobody's question has to wait to find out that it cannot be reached.
	tryEvery   = 15 * time.Second
	tryLimit   = time.Second
	askLimit   = 2 * time.Second
	maxForward = 64
)

var errNoResolver = errors.New("no resolver can be reached")

// forwarder asks the resolvers that answered when they were last tried, and fails at once when there is none.
type forwarder struct {
	find      func() ([]string, error)
	reachable atomic.Pointer[[]string]
	busy      chan struct{}
}

// newForwarder knows no resolver until it has tried those that find names.
func newForwarder(find func() ([]string, error)) *forwarder {
	f := &forwarder{find: find, busy: make(chan struct{}, maxForward)}
	f.reachable.Store(&[]string{})
	return f
}

// watch tries the resolvers again and again, until the context ends.
func (f *forwarder) watch(ctx context.Context) {
	ticker := time.NewTicker(tryEvery)
	defer ticker.Stop()
	said := ""
	for {
		found, problem := f.try(ctx)
		if problem != nil && problem.Error() != said {
			said = problem.Error()
			slog.Warn("the resolvers cannot be read", "error", problem)
		}
		if before := f.reachable.Swap(&found); !slices.Equal(*before, found) {
			slog.Info("other names are asked for at", "resolvers", found)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// try returns the resolvers that answer anything at all.
func (f *forwarder) try(ctx context.Context) ([]string, error) {
	all, err := f.find()
	alive := make([]bool, len(all))
	var wait sync.WaitGroup
	for i, resolver := range all {
		wait.Go(func() {
			root := dns.Question{Name: ".", Qtype: dns.TypeNS, Qclass: dns.ClassINET}
			_, err := exchange(ctx, root, resolver, "udp", tryLimit)
			alive[i] = err == nil
		})
	}
	wait.Wait()
	found := []string{}
	for i, resolver := range all {
		if alive[i] {
			found = append(found, resolver)
		}
	}
	return found, err
}

// ask puts the question to one resolver after the other. It never takes longer than askLimit.
func (f *forwarder) ask(question dns.Question, transport string) (*dns.Msg, error) {
	resolvers := *f.reachable.Load()
	if len(resolvers) == 0 {
		return nil, errNoResolver
	}
	select {
	case f.busy <- struct{}{}:
		defer func() { <-f.busy }()
	default:
		return nil, errors.New("too many questions are waiting for resolvers")
	}
	var failures []error
	for _, resolver := range resolvers {
		// Each gets an equal share, so that the last is asked as well.
		reply, err := exchange(context.Background(), question, resolver, transport, askLimit/time.Duration(len(resolvers)))
		if err == nil && reply.Rcode != dns.RcodeServerFailure && reply.Rcode != dns.RcodeRefused {
			return reply, nil
		}
		failures = append(failures, err)
	}
	return nil, errors.Join(append(failures, errNoResolver)...)
}

// exchange asks anew rather than handing on what a client sent, so that only what we understand leaves the cluster.
func exchange(ctx context.Context, question dns.Question, resolver, transport string, limit time.Duration) (*dns.Msg, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	message := new(dns.Msg)
	message.Id = dns.Id()
	message.RecursionDesired = true
	message.Question = []dns.Question{question}
	message.SetEdns0(udpSize, false)
	client := &dns.Client{Net: transport, UDPSize: udpSize, Timeout: limit}
	reply, _, err := client.ExchangeContext(ctx, message, resolver)
	if err != nil {
		return nil, err
	}
	if !answers(reply, question) {
		return nil, errors.New("the resolver answers another question")
	}
	return reply, nil
}

// answers also refuses codes that a client without extensions could not be told.
func answers(reply *dns.Msg, question dns.Question) bool {
	if !reply.Response || len(reply.Question) != 1 || reply.Rcode > 0xF {
		return false
	}
	asked := reply.Question[0]
	return asked.Qtype == question.Qtype && asked.Qclass == question.Qclass && strings.EqualFold(asked.Name, question.Name)
}

// resolversIn reads a resolv.conf. Left out are resolvers that cannot be meant: a loopback address is that of the node,
// not that of the machine, and an address of the cluster's own might lead back here.
func resolversIn(file string, subnet netip.Prefix) ([]string, error) {
	if file == "" {
		return nil, nil
	}
	config, err := dns.ClientConfigFromFile(file)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, server := range config.Servers {
		address, err := netip.ParseAddr(server)
		if err != nil || address.IsLoopback() || address.IsUnspecified() || subnet.Contains(address.Unmap()) {
			continue
		}
		if len(found) < maxResolvers {
			found = append(found, net.JoinHostPort(server, config.Port))
		}
	}
	return found, nil
}
